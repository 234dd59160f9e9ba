#include "cli/explain_access.h"

#include <iostream>

#include "app/option_error.h"
#include "cli/data_store.h"
#include "cli/start.h"

namespace parsimony {
namespace {

std::string value_of(const CommandLine& line, const char* flag) {
  const auto found = line.values.find(flag);
  return found == line.values.end() ? std::string() : found->second;
}

AccessQuestion question_of(const CommandLine& line) {
  AccessQuestion question{line.arguments[0], line.arguments[1], value_of(line, "--user")};
  const std::string operation = value_of(line, "--operation");
  if (operation.empty()) return question;
  try {
    question.operation = explainable_operation(operation);
  } catch (const Error& error) {
    throw OptionError("option --operation: " + error.message());
  }
  return question;
}

std::string line_of_role(const HeldRole& role) {
  return role.name + (role.through.empty() ? " (the user is a member)" : " (through " + role.through + ")");
}

std::string line_of_field(const ProtectedField& field) {
  std::string text = field.name + " (protected from";
  for (std::size_t i = 0; i < field.from.size(); ++i) text += (i == 0 ? " " : ", ") + field.from[i];
  return text + ")";
}

}  // namespace

std::string text_of(const AccessQuestion& question, const AccessExplanation& explanation) {
  const std::string who = question.user_id.empty() ? "Somebody who is not signed in" : "The user " + question.user_id;
  std::string text = who + (explanation.allowed ? " may " : " may not ") + std::string(name_of(question.operation)) + " " +
                     question.class_name + " " + question.object_id + ".\n\n";
  for (const AccessRule& rule : explanation.rules) text += (rule.passes ? "  yes  " : "  no   ") + rule.name + ": " + rule.because + "\n";
  if (!explanation.roles.empty()) text += "\nRoles:\n";
  for (const HeldRole& role : explanation.roles) text += "  " + line_of_role(role) + "\n";
  if (!explanation.hidden.empty()) text += "\nFields that it would not see:\n";
  for (const ProtectedField& field : explanation.hidden) text += "  " + line_of_field(field) + "\n";
  return text;
}

int explain_access_command(const CommandLine& line) {
  const AccessQuestion question = question_of(line);
  const Options options = options_of_command(line);
  ServiceSettings settings;
  settings.protection = options.protection;
  DataStore data(options, DataStore::Database::MustExist);
  AccessExplanation explanation;
  data.store().read([&](Reads& reads) { explanation = explain_access(reads, question, settings); });
  std::cout << text_of(question, explanation) << std::flush;
  return 0;
}

}  // namespace parsimony
