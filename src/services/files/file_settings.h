// Which files may come in, and who may fetch them.
#pragma once
#include <string>
#include <vector>

namespace parsimony {

struct FileSettings {
  bool public_upload = false;  // by callers without the master key and without a user
  bool user_upload = true;
  bool anonymous_user_upload = false;
  bool public_download = true;
  bool user_download = true;
  bool anonymous_user_download = true;
  // Regular expressions, of which an extension must match one; "*" lets everything through, none at all is no rule.
  std::vector<std::string> extensions;
  std::vector<std::string> url_domains = {"*"};  // as require_allowed_file_urls() takes them
  bool preserve_names = false;                   // a stored name is the one given, without random digits before it
};

}  // namespace parsimony
