#include "services/files/file_service.h"

#include <algorithm>

#include "common/error.h"
#include "common/ids.h"
#include "common/log.h"
#include "services/files/media_types.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxDirectoryBytes = 256;
constexpr std::size_t kRandomBytes = 16;  // of a stored name: 32 digits

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; });
}

[[noreturn]] void refuse_name(const std::string& message) { throw Error(error_code::kInvalidFileName, message); }
[[noreturn]] void refuse_upload(const std::string& message) { throw Error(error_code::kFileSaveError, message); }
[[noreturn]] void refuse_extension(std::string_view extension) {
  refuse_upload("File upload of extension " + std::string(extension) + " is disabled.");
}

void require_valid_name(std::string_view name) {
  if (name.size() > kMaxNameBytes) refuse_name("Filename too long.");
  const bool valid = !name.empty() && (is_alphanumeric(name.front()) || name.front() == '_') && consists_of(name, "@. ~_-");
  if (!valid) refuse_name("Filename contains invalid characters.");
}

bool is_reserved(std::string_view segment) {  // the route of metadata is found in any case
  constexpr std::string_view kReserved = "metadata";
  return std::equal(segment.begin(), segment.end(), kReserved.begin(), kReserved.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

void require_valid_directory(const std::string& directory) {
  if (directory.empty()) refuse_name("Directory must not be empty.");
  if (directory.size() > kMaxDirectoryBytes) refuse_name("Directory path is too long.");
  if (directory.find("..") != std::string::npos) refuse_name("Directory must not contain \"..\".");
  if (directory.starts_with('/') || directory.ends_with('/')) refuse_name("Directory must not start or end with \"/\".");
  if (directory.find("//") != std::string::npos) refuse_name("Directory must not contain consecutive slashes.");
  const std::string first = directory.substr(0, directory.find('/'));
  if (is_reserved(first)) refuse_name("Directory must not start with reserved segment \"" + first + "\".");
  if (!is_alphanumeric(directory.front()) || !consists_of(directory, "_-/")) refuse_name("Directory contains invalid characters.");
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string without_blanks(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) { return !is_blank(c); });
  return kept;
}

bool is_token(std::string_view text) { return !text.empty() && consists_of(text, "!#$%&'*+-.^_`|~"); }

}  // namespace

FileService::FileService(FileStore& store, const Triggers& triggers, const ServiceSettings& settings)
    : store_(store), triggers_(triggers), settings_(settings) {
  const std::vector<std::string>& patterns = settings.file_rules.extensions;
  allows_all_extensions_ = patterns.empty() || std::find(patterns.begin(), patterns.end(), "*") != patterns.end();
  if (allows_all_extensions_) return;
  for (const std::string& pattern : patterns) extensions_.emplace_back(pattern, "");
}

bool FileService::allows(std::string_view extension) const {
  return allows_all_extensions_ ||
         std::any_of(extensions_.begin(), extensions_.end(), [&](const Regex& pattern) { return pattern.matches(extension); });
}

// A known extension decides what a file is served as. Of others the type that the client gives is checked, too, since a place that
// serves files by their stored type would use it.
void FileService::require_allowed_type(const FileUpload& upload) const {
  const std::string extension = without_blanks(extension_of(upload.name));
  if (!extension.empty() && !allows(extension)) refuse_extension(extension);
  if (media_type_of_extension(extension) || upload.content_type.empty() || allows_all_extensions_) return;

  const std::string_view given = upload.content_type;
  const std::size_t slash = given.find('/');
  const std::string_view type = slash == std::string_view::npos ? std::string_view() : trimmed(given.substr(0, slash));
  const std::string_view behind = slash == std::string_view::npos ? std::string_view() : given.substr(slash + 1);
  const std::string_view subtype = trimmed(behind.substr(0, behind.find(';')));
  if (!is_token(type) || !is_token(subtype)) {
    const std::string word = without_blanks(slash == std::string_view::npos ? given.substr(0, given.find(';')) : type);
    if (!word.empty() && !allows(word)) refuse_extension(word);
    refuse_upload("Invalid Content-Type.");
  }
  if (!allows(subtype)) refuse_extension(subtype);
}

std::string FileService::stored_name(const FileUpload& upload) const {
  std::string name = settings_.file_rules.preserve_names ? upload.name : new_token(kRandomBytes) + "_" + upload.name;
  if (extension_of(upload.name).empty()) {
    const auto extension = extension_of_media_type(upload.content_type);
    if (extension) name.append(name.ends_with('.') ? "" : ".").append(*extension);
  }
  return upload.directory ? *upload.directory + "/" + name : name;
}

namespace {

struct Allowances {
  bool to_public;
  bool to_users;
  bool to_anonymous_users;
};

// Who a refused caller is, in words; nothing when he may.
std::optional<std::string> refused_as(const Caller& caller, const Allowances& allowed) {
  if (caller.is_master) return std::nullopt;
  if (!caller.has_user()) return allowed.to_public ? std::nullopt : std::optional("public");
  if (caller.is_anonymous) return allowed.to_anonymous_users ? std::nullopt : std::optional("anonymous user");
  return allowed.to_users ? std::nullopt : std::optional("authenticated user");
}

void require_uploader(const Caller& caller, const FileSettings& rules) {
  const auto refused = refused_as(caller, {rules.public_upload, rules.user_upload, rules.anonymous_user_upload});
  if (refused) refuse_upload("File upload by " + *refused + " is disabled.");
}

void require_downloader(const Caller& caller, const FileSettings& rules) {
  const auto refused = refused_as(caller, {rules.public_download, rules.user_download, rules.anonymous_user_download});
  if (refused) throw Error(error_code::kOperationForbidden, "File download by " + *refused + " is disabled.");
}

}  // namespace

SavedFile FileService::save(const Caller& caller, const FileUpload& sent) const {
  require_uploader(caller, settings_.file_rules);
  require_valid_name(sent.name);
  FileUpload upload = sent;
  if (!caller.is_master) require_allowed_type(upload);
  if (upload.directory && !caller.is_master)
    throw Error(error_code::kOperationForbidden, "Directory can only be set using the Master Key.");
  if (upload.directory) require_valid_directory(*upload.directory);
  if (upload.content.empty() && !upload.may_be_empty) refuse_upload("Invalid file upload.");

  std::string content;  // that the code made
  if (const auto elsewhere = triggers_.before_save(caller, upload, content)) {
    triggers_.after_save(caller, *elsewhere, upload, std::nullopt);
    return *elsewhere;
  }
  require_valid_name(upload.name);
  if (upload.directory) require_valid_directory(*upload.directory);
  refuse_denied_keywords(upload.metadata, settings_.denied_keywords);
  refuse_denied_keywords(upload.tags, settings_.denied_keywords);
  SavedFile saved = store(upload);
  triggers_.after_save(caller, saved, upload, upload.content.size());
  return saved;
}

SavedFile FileService::store(const FileUpload& upload) const {
  Json notes = Json::object();
  if (!upload.metadata.empty()) notes["metadata"] = upload.metadata;
  if (!upload.tags.empty()) notes["tags"] = upload.tags;
  const std::string name = stored_name(upload);
  try {
    store_.put(name, upload.content, notes);
  } catch (const std::runtime_error& failure) {
    log::error("A file could not be stored", {{"reason", failure.what()}});
    refuse_upload("Could not store file: " + upload.name + ".");
  }
  return {name, settings_.files.url_of(name)};
}

OpenedFile FileService::open(const Caller& caller, std::string_view name) const {
  require_downloader(caller, settings_.file_rules);
  const SavedFile asked{std::string(name), settings_.files.url_of(std::string(name))};
  OpenedFile opened;
  opened.name = triggers_.before_find(caller, asked);
  opened.stored = store_.open(opened.name);
  triggers_.after_find(caller, {opened.name, settings_.files.url_of(opened.name)}, opened);
  return opened;
}

Json FileService::metadata(const Caller& caller, std::string_view name) const {
  require_downloader(caller, settings_.file_rules);
  const std::string found = triggers_.before_find(caller, {std::string(name), settings_.files.url_of(std::string(name))});
  const auto notes = store_.notes(found);
  if (!notes) return Json::object();
  triggers_.after_find_metadata(caller, {found, settings_.files.url_of(found)});
  const Json* metadata = find_member(*notes, "metadata");
  const Json* tags = find_member(*notes, "tags");
  Json answer = {{"metadata", metadata ? *metadata : Json::object()}};
  if (tags) answer["tags"] = *tags;
  return answer;
}

void FileService::remove(const Caller& caller, std::string_view name) const {
  const SavedFile file{std::string(name), settings_.files.url_of(std::string(name))};
  triggers_.before_delete(caller, file);
  bool removed = false;
  try {
    removed = store_.remove(name);
  } catch (const std::runtime_error& failure) {
    log::error("A file could not be deleted", {{"reason", failure.what()}});
  }
  if (!removed) throw Error(error_code::kFileDeleteError, "Could not delete file.");
  triggers_.after_delete(caller, file);
}

}  // namespace parsimony
