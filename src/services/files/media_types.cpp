#include "services/files/media_types.h"

#include <algorithm>

namespace parsimony {
namespace {

struct MediaType {
  std::string_view type;
  std::string_view extensions;  // the usual one first
};

constexpr MediaType kMediaTypes[] = {
    {"application/epub+zip", "epub"},
    {"application/geo+json", "geojson"},
    {"application/gzip", "gz"},
    {"application/java-archive", "jar war ear"},
    {"application/json", "json map"},
    {"application/json5", "json5"},
    {"application/ld+json", "jsonld"},
    {"application/manifest+json", "webmanifest"},
    {"application/mathml+xml", "mathml"},
    {"application/mp4", "mp4s m4p"},
    {"application/msword", "doc dot"},
    {"application/octet-stream", "bin dms so dist pkg dump exe dll deb dmg iso img msi buffer"},
    {"application/ogg", "ogx"},
    {"application/pdf", "pdf"},
    {"application/pgp-keys", "asc"},
    {"application/pgp-signature", "sig"},
    {"application/pkix-cert", "cer"},
    {"application/pkix-crl", "crl"},
    {"application/postscript", "ai eps ps"},
    {"application/rdf+xml", "rdf owl"},
    {"application/rtf", "rtf"},
    {"application/sql", "sql"},
    {"application/toml", "toml"},
    {"application/vnd.android.package-archive", "apk"},
    {"application/vnd.apple.keynote", "key"},
    {"application/vnd.apple.mpegurl", "m3u8"},
    {"application/vnd.apple.numbers", "numbers"},
    {"application/vnd.apple.pages", "pages"},
    {"application/vnd.apple.pkpass", "pkpass"},
    {"application/vnd.ms-excel", "xls xlm xla xlc xlt xlw"},
    {"application/vnd.ms-fontobject", "eot"},
    {"application/vnd.ms-outlook", "msg"},
    {"application/vnd.ms-powerpoint", "ppt pps pot"},
    {"application/vnd.oasis.opendocument.graphics", "odg"},
    {"application/vnd.oasis.opendocument.presentation", "odp"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.slideshow", "ppsx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.rar", "rar"},
    {"application/vnd.visio", "vsd vst vss vsw"},
    {"application/wasm", "wasm"},
    {"application/x-7z-compressed", "7z"},
    {"application/x-bzip2", "bz2 boz"},
    {"application/x-sh", "sh"},
    {"application/x-tar", "tar"},
    {"application/xhtml+xml", "xhtml xht"},
    {"application/xml", "xml xsl xsd rng"},
    {"application/xslt+xml", "xslt"},
    {"application/zip", "zip"},
    {"audio/aac", "adts aac"},
    {"audio/amr", "amr"},
    {"audio/basic", "au snd"},
    {"audio/midi", "mid midi kar rmi"},
    {"audio/mp3", "mp3"},
    {"audio/mp4", "m4a mp4a m4b"},
    {"audio/mpeg", "mpga mp2 mp2a mp3 m2a m3a"},
    {"audio/ogg", "oga ogg spx opus"},
    {"audio/wav", "wav"},
    {"audio/webm", "weba"},
    {"audio/x-aiff", "aif aiff aifc"},
    {"audio/x-caf", "caf"},
    {"audio/x-flac", "flac"},
    {"audio/x-matroska", "mka"},
    {"audio/x-ms-wma", "wma"},
    {"font/collection", "ttc"},
    {"font/otf", "otf"},
    {"font/ttf", "ttf"},
    {"font/woff", "woff"},
    {"font/woff2", "woff2"},
    {"image/apng", "apng"},
    {"image/avif", "avif"},
    {"image/bmp", "bmp dib"},
    {"image/gif", "gif"},
    {"image/heic", "heic"},
    {"image/heic-sequence", "heics"},
    {"image/heif", "heif"},
    {"image/jp2", "jp2 jpg2"},
    {"image/jpeg", "jpg jpeg jpe"},
    {"image/jxl", "jxl"},
    {"image/ktx", "ktx"},
    {"image/ktx2", "ktx2"},
    {"image/png", "png"},
    {"image/svg+xml", "svg svgz"},
    {"image/tiff", "tif tiff"},
    {"image/vnd.adobe.photoshop", "psd"},
    {"image/vnd.microsoft.icon", "ico"},
    {"image/webp", "webp"},
    {"image/x-icon", "ico"},
    {"model/3mf", "3mf"},
    {"model/gltf+json", "gltf"},
    {"model/gltf-binary", "glb"},
    {"model/mtl", "mtl"},
    {"model/obj", "obj"},
    {"model/stl", "stl"},
    {"model/vnd.usdz+zip", "usdz"},
    {"text/calendar", "ics ifb"},
    {"text/css", "css"},
    {"text/csv", "csv"},
    {"text/html", "html htm shtml"},
    {"text/javascript", "js mjs"},
    {"text/markdown", "md markdown"},
    {"text/plain", "txt text conf def list log in ini"},
    {"text/tab-separated-values", "tsv"},
    {"text/vcard", "vcard"},
    {"text/vtt", "vtt"},
    {"text/x-vcard", "vcf"},
    {"text/xml", "xml"},
    {"text/yaml", "yaml yml"},
    {"video/3gpp", "3gp 3gpp"},
    {"video/3gpp2", "3g2"},
    {"video/h264", "h264"},
    {"video/mp2t", "ts m2t m2ts mts"},
    {"video/mp4", "mp4 mp4v mpg4"},
    {"video/mpeg", "mpeg mpg mpe m1v m2v"},
    {"video/ogg", "ogv"},
    {"video/quicktime", "qt mov"},
    {"video/webm", "webm"},
    {"video/x-flv", "flv"},
    {"video/x-m4v", "m4v"},
    {"video/x-matroska", "mkv mk3d mks"},
    {"video/x-ms-wmv", "wmv"},
    {"video/x-msvideo", "avi"},
};

// Names of a type that share their extension with the one that files of that extension are served as.
constexpr std::string_view kAliases[] = {"audio/mp3", "image/x-icon", "text/xml"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool lists(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::string_view next = words.substr(0, words.find(' '));
    if (next == word) return true;
    words.remove_prefix(std::min(words.size(), next.size() + 1));
  }
  return false;
}

bool is_alias(std::string_view type) { return std::find(std::begin(kAliases), std::end(kAliases), type) != std::end(kAliases); }

bool is_text(std::string_view type) {
  return type.starts_with("text/") || type == "application/json" || type == "application/xml" || type.ends_with("+json");
}

}  // namespace

std::string_view extension_of(std::string_view file_name) {
  const std::size_t last = file_name.find_last_not_of(". ");
  file_name = file_name.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const std::size_t dot = file_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : file_name.substr(dot + 1);
}

std::optional<std::string_view> media_type_of_extension(std::string_view extension) {
  const std::string wanted = lower_case(extension);
  if (wanted.empty()) return std::nullopt;
  for (const MediaType& row : kMediaTypes) {
    if (!is_alias(row.type) && lists(row.extensions, wanted)) return row.type;
  }
  return std::nullopt;
}

std::optional<std::string_view> extension_of_media_type(std::string_view media_type) {
  const std::string wanted = lower_case(trimmed(media_type.substr(0, media_type.find(';'))));
  for (const MediaType& row : kMediaTypes) {
    if (row.type == wanted) return row.extensions.substr(0, row.extensions.find(' '));
  }
  return std::nullopt;
}

std::string content_type_of_file(std::string_view file_name) {
  const auto type = media_type_of_extension(extension_of(file_name));
  if (!type) return "application/octet-stream";
  return is_text(*type) ? std::string(*type) + "; charset=utf-8" : std::string(*type);
}

}  // namespace parsimony
