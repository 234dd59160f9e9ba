#include "app/option_rows.h"

namespace parsimony {
namespace {
using T = OptionType;
using S = OptionStatus;

// Parse Server's list: HTML, SVG, XML, XSLT, RDF, MathML and their kin, in any case.
constexpr std::string_view kNoActiveContent =
    R"re(["^(?!([xXsS]?[hH][tT][mM][lL]?(\\+[xX][mM][lL])?|[xX][hH][tT]|[sS][vV][gG]([zZ]|\\+[xX][mM][lL])?|[xX][mM][lL]|[xX][sS][lL][tT]?(\\+[xX][mM][lL])?|[xX][sS][dD]|[rR][nN][gG]|[rR][dD][fF](\\+[xX][mM][lL])?|[oO][wW][lL]|[mM][aA][tT][hH][mM][lL](\\+[xX][mM][lL])?)$)"])re";

const OptionRow kRows[] = {
    {"appId", "PARSE_SERVER_APPLICATION_ID", T::string, "", S::active,
     "Application id that clients send. Made at random and kept in the data folder when missing.", "App"},
    {"masterKey", "PARSE_SERVER_MASTER_KEY", T::string, "", S::active,
     "Key that may do everything. Give it by variable or file: flags show in the process list. Made at random when missing.", "App"},
    {"masterKeyIps", "PARSE_SERVER_MASTER_KEY_IPS", T::list, "[\"127.0.0.1\",\"::1\"]", S::active,
     "Addresses and networks (CIDR) that may use the master key.", "App"},
    {"clientKey", "PARSE_SERVER_CLIENT_KEY", T::string, "", S::active,
     "Client key. When any client key is set, a request must bring one of them.", "App"},
    {"javascriptKey", "PARSE_SERVER_JAVASCRIPT_KEY", T::string, "", S::active, "JavaScript key.", "App"},
    {"restAPIKey", "PARSE_SERVER_REST_API_KEY", T::string, "", S::active, "REST key.", "App"},
    {"dotNetKey", "PARSE_SERVER_DOT_NET_KEY", T::string, "", S::active, ".NET key.", "App"},
    {"appName", "PARSE_SERVER_APP_NAME", T::string, "", S::active, "Name of the app, for people.", "App"},
    {"host", "PARSE_SERVER_HOST", T::string, "0.0.0.0", S::active, "Address to listen on.", "Network", "127.0.0.1"},
    {"port", "PORT", T::integer, "1337", S::active, "Port to listen on; 0 picks a free one.", "Network"},
    {"mountPath", "PARSE_SERVER_MOUNT_PATH", T::string, "/parse", S::active, "Path before every route.", "Network"},
    {"serverURL", "PARSE_SERVER_URL", T::string, "", S::active,
     "URL by which the server is called. Derived from host, port and mountPath when missing.", "Network"},
    {"publicServerURL", "PARSE_PUBLIC_SERVER_URL", T::string, "", S::active, "URL by which the world calls the server, http or https.",
     "Network"},
    {"allowHeaders", "PARSE_SERVER_ALLOW_HEADERS", T::list, "", S::active, "More request headers that browsers may send (CORS).",
     "Network"},
    {"allowOrigin", "PARSE_SERVER_ALLOW_ORIGIN", T::list, "", S::active,
     "Origins that browsers may call from (CORS); every one when missing.", "Network"},
    {"maxUploadSize", "PARSE_SERVER_MAX_UPLOAD_SIZE", T::string, "20mb", S::active, "Largest request body, for example 500kb, 20mb.",
     "Network"},
    {"verifyServerUrl", "PARSE_SERVER_VERIFY_SERVER_URL", T::boolean, "true", S::active,
     "Accepted. The server does not call itself: it knows its own state.", "Network"},
    {"allowClientClassCreation", "PARSE_SERVER_ALLOW_CLIENT_CLASS_CREATION", T::boolean, "false", S::active,
     "Clients may make a class by saving an object of it.", "Objects", "true"},
    {"allowCustomObjectId", "PARSE_SERVER_ALLOW_CUSTOM_OBJECT_ID", T::boolean, "false", S::active,
     "Clients may choose the objectId of a new object.", "Objects"},
    {"objectIdSize", "PARSE_SERVER_OBJECT_ID_SIZE", T::integer, "10", S::active, "Characters of a new objectId.", "Objects"},
    {"defaultLimit", "PARSE_SERVER_DEFAULT_LIMIT", T::integer, "100", S::active, "Objects a query answers when it names no limit.",
     "Objects"},
    {"maxLimit", "PARSE_SERVER_MAX_LIMIT", T::integer, "", S::active, "Most objects a query may answer.", "Objects"},
    {"requestKeywordDenylist", "PARSE_SERVER_REQUEST_KEYWORD_DENYLIST", T::object,
     "[{\"key\":\"_bsontype\",\"value\":\"Code\"},{\"key\":\"constructor\"},{\"key\":\"__proto__\"}]", S::active,
     "Keys and values that no request may contain: a JSON list of {\"key\":…,\"value\":…}.", "Objects"},
    {"enableSanitizedErrorResponse", "PARSE_SERVER_ENABLE_SANITIZED_ERROR_RESPONSE", T::boolean, "true", S::active,
     "Errors about permissions say only \"Permission denied\".", "Objects"},
    {"databaseURI", "PARSE_SERVER_DATABASE_URI", T::string, "", S::active,
     "Database file: a path, sqlite:///path or :memory:. In the data folder when missing.", "Data"},
    {"schema", "PARSE_SERVER_SCHEMA", T::any, "", S::active,
     "Class definitions: files or folders; in a config file also an object with definitions.", "Data"},
    {"schema.definitions", "PARSE_SERVER_SCHEMA_DEFINITIONS", T::object, "[]", S::active,
     "Class definitions in Parse Server's form, a JSON list.", "Data"},
    {"schema.lockSchemas", "PARSE_SERVER_SCHEMA_LOCK_SCHEMAS", T::boolean, "false", S::active, "Classes cannot be changed over the API.",
     "Data"},
    {"logLevel", "PARSE_SERVER_LOG_LEVEL", T::string, "", S::active, "error, warn, info, verbose, debug or silly.", "Log"},
    {"silent", "SILENT", T::boolean, "", S::active, "Print nothing but errors that end the start.", "Log"},
    {"verbose", "VERBOSE", T::boolean, "", S::active, "Log at level debug.", "Log"},
    {"jsonLogs", "JSON_LOGS", T::boolean, "", S::active, "Same as logFormat json.", "Log"},
    {"fileUpload", "PARSE_SERVER_FILE_UPLOAD_OPTIONS", T::object, "{}", S::active, "Who may upload which files, as one object.", "Files"},
    {"fileDownload", "PARSE_SERVER_FILE_DOWNLOAD_OPTIONS", T::object, "{}", S::active, "Who may fetch files, as one object.", "Files"},
    {"fileUpload.enableForPublic", "PARSE_SERVER_FILE_UPLOAD_ENABLE_FOR_PUBLIC", T::boolean, "false", S::active,
     "Everyone may upload files; else the master key alone.", "Files"},
    {"fileUpload.fileExtensions", "PARSE_SERVER_FILE_UPLOAD_FILE_EXTENSIONS", T::list, kNoActiveContent, S::active,
     "Extensions that clients may upload, as regular expressions; * is any. The default refuses kinds that browsers run.", "Files"},
    {"fileDownload.enableForPublic", "PARSE_SERVER_FILE_DOWNLOAD_ENABLE_FOR_PUBLIC", T::boolean, "true", S::active,
     "Everyone who knows its name may fetch a file; else the master key alone.", "Files"},
    {"preserveFileName", "PARSE_SERVER_PRESERVE_FILE_NAME", T::boolean, "false", S::active,
     "Keep the names of uploaded files, without random digits before them: names can be guessed, and the same name replaces.", "Files"},
    {"data", "PARSIMONY_DATA", T::path, "./parsimony-data", S::active, "Folder for the database, the keys and the lock.", "Data"},
    {"durability", "PARSIMONY_DURABILITY", T::string, "full", S::active,
     "full: an answered write is on disk. relaxed: faster, a power cut may lose the last writes.", "Data"},
    {"fixtures", "PARSIMONY_FIXTURES", T::path, "", S::active, "Folder with JSON files to import at the start.", "Data"},
    {"profile", "PARSIMONY_PROFILE", T::string, "", S::active,
     "Set of defaults: dev or parse-server. Chosen by how the server was started when missing.", "Process"},
    {"readyFile", "PARSIMONY_READY_FILE", T::path, "", S::active, "File that gets the URL once the server serves; removed at the end.",
     "Process"},
    {"logFormat", "PARSIMONY_LOG_FORMAT", T::string, "text", S::active, "text or json.", "Log"},
};
}  // namespace

std::span<const OptionRow> active_option_rows() { return kRows; }
}  // namespace parsimony
