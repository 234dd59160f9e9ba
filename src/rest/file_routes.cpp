#include "rest/file_routes.h"

#include "common/base64.h"
#include "common/byte_size.h"
#include "common/percent_encoding.h"
#include "rest/admission.h"
#include "rest/error_answer.h"
#include "rest/request_body.h"
#include "rest/request_keys.h"
#include "rest/stored_file_answer.h"
#include "services/files/media_types.h"

namespace parsimony::file_routes {
namespace {

constexpr std::string_view kRoot = "/files";
constexpr std::string_view kMetadata = "metadata/";
constexpr std::size_t kMaxEchoedSize = 40;

// What is behind "/files/"; nothing for other paths. Both may end there.
std::optional<std::string_view> path_below_root(std::string_view path) {
  if (path.starts_with("//")) path.remove_prefix(1);
  if (!http::equal_ignoring_case(path.substr(0, kRoot.size()), kRoot)) return std::nullopt;
  path.remove_prefix(kRoot.size());
  if (path.empty()) return path;
  return path.front() == '/' ? std::optional(path.substr(1)) : std::nullopt;
}

std::string header_or_empty(const http::Request& request, std::string_view name) { return std::string(request.header(name).value_or("")); }

http::Response json_answer(int status, const Json& body) {
  http::Response response;
  response.status = status;
  response.body = to_json_text(body);
  return response;
}

http::Response text_answer(int status, std::string text) {
  http::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

void require_master(const Caller& caller, const RestSettings& settings) {
  if (!caller.holds_master_key())
    throw Error::permission_denied(settings.sanitize_errors ? "Permission denied" : "unauthorized: master key is required");
}

void require_writing_key(const Caller& caller, const RestSettings& settings, const char* refusal) {
  if (caller.is_read_only) throw Error::permission_denied(settings.sanitize_errors ? "Permission denied" : refusal);
}

Arrival arrival_of(const http::Request& request, const RestSettings& settings) {
  return {request.method, std::string_view(request.path).substr(settings.mount_path.size()), request};
}

// --- uploads ---------------------------------------------------------------------------------------------------------------

bool is_stream(const http::Request& request) { return request.header("X-Parse-Upload-Mode") == "stream"; }

Json object_of_header(const http::Request& request, const std::string& name) {
  const auto text = request.header(name);
  if (!text || text->empty()) return Json::object();
  try {
    Json value = parse_json(*text);
    if (value.is_object()) return value;
  } catch (const JsonSyntaxError&) {
    // refused below, as a value of another kind
  }
  throw Error(error_code::kInvalidJson, "Invalid JSON in " + name + " header.");
}

Json object_of_member(const Json& file_data, const std::string& name) {
  const Json* value = find_member(file_data, name);
  if (!value || value->is_null()) return Json::object();
  if (!value->is_object()) throw Error(error_code::kInvalidJson, "fileData." + name + " must be an object.");
  return *value;
}

void take_file_data(FileUpload& upload, const Json& file_data) {
  upload.metadata = object_of_member(file_data, "metadata");
  upload.tags = object_of_member(file_data, "tags");
  const Json* directory = find_member(file_data, "directory");
  if (!directory) return;
  if (!directory->is_string()) throw Error(error_code::kInvalidFileName, "Directory must be a string.");
  upload.directory = directory->get<std::string>();
}

void take_stream_headers(FileUpload& upload, const http::Request& request) {
  upload.may_be_empty = true;
  upload.metadata = object_of_header(request, "X-Parse-File-Metadata");
  upload.tags = object_of_header(request, "X-Parse-File-Tags");
  const std::string directory = header_or_empty(request, "X-Parse-File-Directory");
  if (!directory.empty()) upload.directory = directory;
}

Json read_wrapped_body(const http::Request& request) {
  if (is_stream(request)) throw Error::unauthorized();
  try {
    Json body = parse_json(request.body);
    if (body.is_object()) return body;
  } catch (const JsonSyntaxError&) {
    // bytes without an application id: refused below
  }
  throw Error::unauthorized();
}

std::optional<std::string> text_member(const Json& body, const char* name) {
  const Json* value = find_member(body, name);
  if (!value) return std::nullopt;
  if (!value->is_string()) throw Error::unauthorized();
  return value->get<std::string>();
}

// What a request uploads: its body as it is when the headers name the application, else what its JSON body wraps.
class ReadUpload {
 public:
  // From within: the body wraps it.
  ReadUpload(const RestContext& context, const ApiRequest& call, std::string name) : context_(context), caller_(call.caller) {
    upload_.name = std::move(name);
    take_wrapped(call.body);
  }
  ReadUpload(const RestContext& context, const http::Request& request, std::string name) : context_(context) {
    const RestSettings& settings = context.settings;
    upload_.name = std::move(name);
    upload_.content_type = header_or_empty(request, "Content-Type");
    if (has_app_in_headers(request, settings)) {
      read_raw(request, settings);
    } else {
      read_wrapped(request, settings);
    }
  }

  const Caller& caller() const { return caller_; }
  const FileUpload& upload() const { return upload_; }

 private:
  void read_raw(const http::Request& request, const RestSettings& settings) {
    Json none = Json::object();
    caller_ = admit(context_, authenticate(request, none, settings), arrival_of(request, settings));
    upload_.content = request.body;
    if (is_stream(request)) take_stream_headers(upload_, request);
  }

  void read_wrapped(const http::Request& request, const RestSettings& settings) {
    Json body = read_wrapped_body(request);
    const auto type = text_member(body, "_ContentType");
    caller_ = admit(context_, authenticate(request, body, settings), arrival_of(request, settings));
    if (type) body["_ContentType"] = *type;
    take_wrapped(body);
  }

  void take_wrapped(const Json& body) {
    if (const auto type = text_member(body, "_ContentType")) upload_.content_type = *type;
    const auto decoded = decode_base64(text_member(body, "base64").value_or(std::string()));
    if (!decoded) throw Error(error_code::kFileSaveError, "Invalid file upload.");
    content_ = std::move(*decoded);
    upload_.content = content_;
    if (const Json* file_data = find_member(body, "fileData")) take_file_data(upload_, *file_data);
  }

  const RestContext& context_;
  Caller caller_;
  FileUpload upload_;
  std::string content_;  // decoded
};

// Bytes, by the header with which the master key sets another limit. Throws 130 for what is no size, 403 without the master key.
std::optional<std::uint64_t> size_override(const http::Request& request, const RestSettings& settings) {
  const std::string text = header_or_empty(request, kMaxUploadSize);
  if (text.empty()) return std::nullopt;
  Json none = Json::object();
  require_master(authenticate(request, none, settings), settings);
  if (const auto bytes = read_byte_size(text)) return bytes;
  throw Error(error_code::kFileSaveError, "Invalid maxUploadSize override value: " + text.substr(0, kMaxEchoedSize));
}

std::string upload_name(std::string_view name) {
  if (name.ends_with('/')) name.remove_suffix(1);
  if (name.empty()) throw Error(error_code::kInvalidFileName, "Filename not provided.");
  return std::string(name);
}

SavedFile save(const RestContext& context, const ReadUpload& read) {
  require_writing_key(read.caller(), context.settings, "read-only masterKey isn't allowed to create a file.");
  refuse_denied_keywords(read.upload().metadata, context.settings);
  refuse_denied_keywords(read.upload().tags, context.settings);
  return context.services.files.save(read.caller(), read.upload());
}

Json encode(const SavedFile& file) { return {{"url", file.url}, {"name", file.name}}; }

http::Response create(const RestContext& context, const http::Request& request, std::string_view path) {
  const std::string name = upload_name(path);
  size_override(request, context.settings);
  const SavedFile saved = save(context, ReadUpload(context, request, name));
  http::Response response = json_answer(201, encode(saved));
  response.set_header("Location", saved.url);
  return response;
}

// --- downloads -------------------------------------------------------------------------------------------------------------

// Downloads carry the application id in the path; keys and a session come along only when a client has them.
Caller downloading_caller(const RestContext& context, const http::Request& request) {
  if (request.header("X-Parse-Master-Key") && has_app_in_headers(request, context.settings)) {
    Json none = Json::object();
    return signed_in(context, authenticate(request, none, context.settings));
  }
  Caller caller;
  caller.session_token = header_or_empty(request, "X-Parse-Session-Token");
  return signed_in(context, std::move(caller));
}

// What the users' code made of a file: as a whole, since it may be another one each time.
http::Response send_made(const OpenedFile& file) {
  http::Response response;
  response.content_type = content_type_of_file(file.name);
  response.set_header("X-Content-Type-Options", "nosniff");
  response.body = *file.made;
  return response;
}

http::Response send(const http::Request& request, OpenedFile file) {
  http::Response response = file.made ? send_made(file) : stored_file_answer(request, std::move(file.stored), file.name);
  if (!file.content_type.empty()) response.content_type = file.content_type;
  if (file.force_download) response.set_header("Content-Disposition", "attachment;filename=" + percent_encoded(file.name));
  for (const auto& [name, value] : file.headers) response.set_header(name, value);
  return response;
}

http::Response download(const RestContext& context, const http::Request& request, std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash + 1 == path.size()) return text_answer(404, "File not found.");
  const bool right_app = path.substr(0, slash) == context.settings.app_id;
  std::string_view name = path.substr(slash + 1);
  const bool wants_metadata = name.size() > kMetadata.size() && http::equal_ignoring_case(name.substr(0, kMetadata.size()), kMetadata);
  if (wants_metadata) name.remove_prefix(kMetadata.size());
  if (!right_app && wants_metadata) return json_answer(200, Json::object());
  if (!right_app) throw Error::permission_denied(context.settings.sanitize_errors ? "Permission denied" : "Invalid application ID.");

  Caller caller = downloading_caller(context, request);
  if (!context.services.code.is_empty()) describe_origin(caller, request, context.settings);
  try {
    if (wants_metadata) return json_answer(200, context.services.files.metadata(caller, name));
    OpenedFile file = context.services.files.open(caller, name);
    return file ? send(request, std::move(file)) : text_answer(404, "File not found.");
  } catch (const FetchRefused& refused) {
    return json_answer(403, error_body(refused));
  }
}

// ---------------------------------------------------------------------------------------------------------------------------

void remove_file(const RestContext& context, const Caller& caller, std::string_view name) {
  require_master(caller, context.settings);
  require_writing_key(caller, context.settings, "read-only masterKey isn't allowed to delete a file.");
  context.services.files.remove(caller, name);
}

http::Response remove(const RestContext& context, const http::Request& request, std::string_view name) {
  Json none = Json::object();
  remove_file(context, admit(context, authenticate(request, none, context.settings), arrival_of(request, context.settings)), name);
  http::Response response;
  response.content_type.clear();
  return response;
}

struct FileRoute {
  std::string_view method;
  http::Response (*handle)(const RestContext&, const http::Request&, std::string_view path);
};

constexpr FileRoute kRoutes[] = {{"POST", create}, {"GET", download}, {"HEAD", download}, {"DELETE", remove}};

}  // namespace

std::optional<std::size_t> body_limit(const RestSettings& settings, const http::Request& head, std::string_view path) {
  if (head.method != "POST" || !path_below_root(path)) return std::nullopt;
  try {
    return size_override(head, settings);
  } catch (const Error&) {
    return std::nullopt;  // told when the request is whole
  }
}

std::optional<http::Response> answer(const RestContext& context, const http::Request& request, std::string_view path) {
  const auto below = path_below_root(path);
  if (!below) return std::nullopt;
  for (const FileRoute& route : kRoutes) {
    if (route.method == request.method) return route.handle(context, request, *below);
  }
  return std::nullopt;
}

bool are_for(std::string_view path) { return path_below_root(path).has_value(); }

ApiResponse answer(const RestContext& context, const ApiRequest& call) {
  const std::string_view below = *path_below_root(call.path);
  if (call.method == "POST") {
    const SavedFile saved = save(context, ReadUpload(context, call, upload_name(below)));
    return {201, to_json_text(encode(saved)), {{"Location", saved.url}}};
  }
  if (call.method != "DELETE") throw Error(error_code::kCommandUnavailable, "Files are fetched from their URL.");
  remove_file(context, call.caller, below);
  return {200, "{}", {}};
}

}  // namespace parsimony::file_routes
