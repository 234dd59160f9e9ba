// Finding and getting objects with the triggers of the users' code around it (server-behaviour.md, sections 3 and 17).
//
// beforeFind changes the parameters of a find or answers in place of the database; afterFind changes what was found. Both also run for
// the classes that a find includes and that its sub-queries ask. Adapters may change how the authData of users is shown.
#pragma once
#include <optional>
#include <string>

#include "query/find_options.h"
#include "services/cloud/triggers.h"
#include "services/objects/object_reader.h"
#include "services/users/auth_service.h"

namespace parsimony {

// Thread-safe; borrows all. Throw what ObjectReader's methods, the parsers of the parameters and the code throw.
class TriggeredFinds {
 public:
  TriggeredFinds(const ObjectReader& reader, const Triggers& triggers, const AuthService& auth, Store& store,
                 const ServiceSettings& settings)
      : reader_(reader), triggers_(triggers), auth_(auth), store_(store), settings_(settings) {}

  // `parameters` as the REST API names them (query/find_options.h). The answers are ObjectReader's.
  std::string find(const Caller& caller, const std::string& class_name, const Json& parameters) const;
  std::string get(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& parameters) const;

  // Lets beforeFind change the conditions of an aggregation, or answer in place of the database: with its answer. afterFind is not asked.
  std::optional<std::string> answer_to_aggregate(const Caller& caller, const std::string& class_name, Json& parameters) const;

 private:
  struct Asked;
  struct Terms;

  // Whether no code listens to any of its classes.
  bool is_plain(const std::string& class_name, const Json& parameters, const FindOptions& options) const;
  FindOptions options_of(const Caller& caller, const Json& parameters) const;
  // The answer to a find, {"results":[...],...}.
  Json run(const Caller& caller, const std::string& class_name, const Asked& asked) const;
  Json run_redirected(const Caller& caller, const std::string& target, Json parameters) const;
  Json run_before(const Caller& caller, const std::string& class_name, const Asked& asked, Json& parameters) const;
  Json run_after(const Caller& caller, const std::string& class_name, const Asked& asked, const Json& parameters, Json objects) const;
  void ask_code_of_subqueries(const Caller& caller, Json& where, std::size_t depth) const;
  // The answer to a find without triggers of its own class, with what the rows include.
  Json ask_database(const Caller& caller, const std::string& class_name, const Json& parameters, Terms terms) const;
  Json readable(const Caller& caller, const std::string& class_name, const Asked& asked, const Json& parameters, const Json& objects) const;
  Json with_included(const Caller& caller, const std::string& class_name, const FindOptions& options, Json objects) const;

  const ObjectReader& reader_;
  const Triggers& triggers_;
  const AuthService& auth_;
  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
