#include "services/files/file_triggers.h"

#include "common/base64.h"
#include "common/error.h"
#include "services/cloud/code_headers.h"

namespace parsimony {
namespace {

Json encode(const SavedFile& file) { return {{"name", file.name}, {"url", file.url}}; }

Json encode(const FileUpload& upload) {
  Json file = {{"name", upload.name},
               {"contentType", upload.content_type},
               {"data", encode_base64(upload.content)},
               {"metadata", upload.metadata},
               {"tags", upload.tags}};
  if (upload.directory) file["directory"] = *upload.directory;
  return file;
}

std::string decode_data(const std::string& text) {
  auto bytes = decode_base64(text);
  if (!bytes) throw Error(error_code::kFileSaveError, "The trigger made a file whose data is no base64.");
  return std::move(*bytes);
}

void take_text(const Json& file, const char* member, std::string& into) {
  if (const std::string* text = find_string(file, member)) into = *text;
}

void take_object(const Json& file, const char* member, Json& into) {
  if (const Json* object = find_member(file, member); object && object->is_object()) into = *object;
}

const Json* file_in(const Json& answer) {
  const Json* file = find_member(answer, "file");
  return file && file->is_object() ? file : nullptr;
}

}  // namespace

std::optional<SavedFile> FileTriggers::before_save(const Caller& caller, FileUpload& upload, std::string& content) const {
  if (!listen("beforeSave")) return std::nullopt;
  const Json answer = run("beforeSave", caller, {{"file", encode(upload)}, {"fileSize", upload.content.size()}});
  const Json* file = file_in(answer);
  if (!file) return std::nullopt;
  if (const std::string* url = find_string(*file, "url"); url && !url->empty()) {
    SavedFile saved{upload.name, *url};
    take_text(*file, "name", saved.name);
    return saved;
  }
  take_text(*file, "name", upload.name);
  take_text(*file, "contentType", upload.content_type);
  take_object(*file, "metadata", upload.metadata);
  take_object(*file, "tags", upload.tags);
  if (const std::string* directory = find_string(*file, "directory"); directory && !directory->empty()) upload.directory = *directory;
  if (const std::string* data = find_string(*file, "data")) upload.content = content = decode_data(*data);
  return std::nullopt;
}

void FileTriggers::after_save(const Caller& caller, const SavedFile& saved, const FileUpload& upload,
                              std::optional<std::size_t> size) const {
  if (!listen("afterSave")) return;
  Json file = encode(saved);
  file["metadata"] = upload.metadata;
  file["tags"] = upload.tags;
  run("afterSave", caller, {{"file", std::move(file)}, {"fileSize", size ? Json(*size) : Json()}});
}

void FileTriggers::before_delete(const Caller& caller, const SavedFile& file) const {
  if (listen("beforeDelete")) run("beforeDelete", caller, {{"file", encode(file)}});
}

void FileTriggers::after_delete(const Caller& caller, const SavedFile& file) const {
  if (listen("afterDelete")) run("afterDelete", caller, {{"file", encode(file)}});
}

Json FileTriggers::run_on_fetch(const char* name, const Caller& caller, Json request) const {
  try {
    return run(name, caller, std::move(request));
  } catch (const Error& error) {
    if (error.http_status() >= 500) throw;  // that there is no room for the call now
    throw FetchRefused(error);
  }
}

std::string FileTriggers::before_find(const Caller& caller, const SavedFile& file) const {
  std::string name = file.name;
  if (!listen("beforeFind")) return name;
  const Json answer = run_on_fetch("beforeFind", caller, {{"file", encode(file)}});
  if (const Json* other = file_in(answer)) take_text(*other, "name", name);
  return name;
}

void FileTriggers::after_find(const Caller& caller, const SavedFile& file, OpenedFile& opened) const {
  if (!listen("afterFind") || !opened) return;
  Json described = encode(file);
  described["data"] = encode_base64(opened.stored->read(0, opened.stored->size()));
  const Json answer = run_on_fetch("afterFind", caller, {{"file", std::move(described)}, {"forceDownload", false}});
  if (const Json* made = file_in(answer)) {
    take_text(*made, "name", opened.name);
    take_text(*made, "contentType", opened.content_type);
    if (const std::string* data = find_string(*made, "data"); data) opened.made = decode_data(*data);
  }
  const Json* force = find_member(answer, "forceDownload");
  opened.force_download = force && *force == Json(true);
  opened.headers = headers_of_code(find_member(answer, "responseHeaders"));
}

void FileTriggers::after_find_metadata(const Caller& caller, const SavedFile& file) const {
  if (!listen("afterFind")) return;
  Json described = encode(file);
  described["data"] = "";
  run_on_fetch("afterFind", caller, {{"file", std::move(described)}, {"forceDownload", false}});
}

}  // namespace parsimony
