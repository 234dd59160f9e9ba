// Profiles: named sets of defaults. What is set explicitly wins over all of them.
//
// `parse-server` has exactly Parse Server 9's defaults. `strict` has the tighter ones that are announced for Parse Server's next major
// version (server-behaviour.md, section 29). `dev` is for a person who just starts the program in a folder: it listens
// on this machine only, lets clients make classes, and uses ./schema and ./fixtures when they are there.
#pragma once
#include <string>
#include <string_view>

#include "app/option_table.h"
#include "app/options_input.h"

namespace parsimony {

enum class Profile { dev, parse_server, strict };

struct ProfileChoice {
  Profile profile;
  std::string reason;  // for the start summary, for example "because --appId was given"
};

std::string_view profile_name(Profile profile);

// The default that the profile has instead of Parse Server's; empty where it has that one.
std::string_view own_default(Profile profile, const OptionRow& row);

// A profile that was named wins. Else it is parse-server as soon as anything shows that the start was made for Parse Server: a
// config file, a PARSE_SERVER_* variable, --appId or --masterKey. Throws OptionError for an unknown name.
ProfileChoice choose_profile(const OptionInput& input, const OptionSettings& settings);

}  // namespace parsimony
