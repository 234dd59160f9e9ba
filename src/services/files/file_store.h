// Where the bytes of files are kept: the seam behind which other places than a local folder fit.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "types/json.h"

namespace parsimony {

// A file that is open for reading: what it holds does not change while it is, whatever becomes of the name.
class StoredFile {
 public:
  virtual ~StoredFile() = default;
  virtual std::uint64_t size() const = 0;
  virtual std::string version() const = 0;  // differs when the content does; letters and digits
  // `offset + length` is at most size(). Throws std::runtime_error.
  virtual std::string read(std::uint64_t offset, std::uint64_t length) const = 0;
};

// All files of a store at one moment. Lives no longer than the store.
class FilesImage {
 public:
  virtual ~FilesImage() = default;
};

// Thread-safe. Names are any text; slashes in them have no meaning here. What fails is thrown as std::runtime_error, for the log.
class FileStore {
 public:
  virtual ~FileStore() = default;
  // Whole and on disk when it returns, else nothing of it. Replaces a file of that name. `notes` is an object, stored beside it.
  virtual void put(std::string_view name, std::string_view content, const Json& notes) = 0;
  // Null when there is none.
  virtual std::unique_ptr<StoredFile> open(std::string_view name) const = 0;
  // What put() was given; nothing when there is no such file.
  virtual std::optional<Json> notes(std::string_view name) const = 0;
  // False when there is none.
  virtual bool remove(std::string_view name) = 0;

  virtual std::unique_ptr<FilesImage> take_image() = 0;
  // Makes the store hold the files that it held when the image of it was taken, and no others. An upload that runs comes before or after.
  virtual void restore(const FilesImage& image) = 0;
};

}  // namespace parsimony
