#include "rest/routes.h"

#include "rest/access_routes.h"
#include "rest/aggregate_routes.h"
#include "rest/batch_routes.h"
#include "rest/class_routes.h"
#include "rest/config_routes.h"
#include "rest/function_routes.h"
#include "rest/hook_routes.h"
#include "rest/import_routes.h"
#include "rest/info_routes.h"
#include "rest/job_routes.h"
#include "rest/log_routes.h"
#include "rest/schema_routes.h"
#include "rest/session_routes.h"
#include "rest/user_routes.h"

namespace parsimony {
namespace {

constexpr auto kApp = RouteAccess::App;
constexpr auto kAppAndReadOnly = RouteAccess::AppAndReadOnly;
constexpr auto kMaster = RouteAccess::Master;

constexpr Route kRoutes[] = {
    {"GET", "/classes/:className", kApp, class_routes::find},
    {"POST", "/classes/:className", kApp, nullptr, class_routes::prepare_create, class_routes::answer_create},
    {"GET", "/classes/:className/:objectId", kApp, class_routes::get},
    {"PUT", "/classes/:className/:objectId", kApp, nullptr, class_routes::prepare_update, class_routes::answer_save},
    {"DELETE", "/classes/:className/:objectId", kApp, nullptr, class_routes::prepare_remove, class_routes::answer_save},

    {"GET", "/users/me", kApp, user_routes::me},
    {"GET", "/users", kApp, class_routes::find, nullptr, nullptr, "_User"},
    {"POST", "/users", kApp, nullptr, class_routes::prepare_create, class_routes::answer_create, "_User"},
    {"GET", "/users/:objectId", kApp, class_routes::get, nullptr, nullptr, "_User"},
    {"PUT", "/users/:objectId", kApp, nullptr, class_routes::prepare_update, class_routes::answer_save, "_User"},
    {"DELETE", "/users/:objectId", kApp, nullptr, class_routes::prepare_remove, class_routes::answer_save, "_User"},
    {"GET", "/login", kApp, user_routes::log_in, nullptr, nullptr, {}, false},
    {"POST", "/login", kAppAndReadOnly, user_routes::log_in, nullptr, nullptr, {}, false},
    {"POST", "/loginAs", kApp, user_routes::log_in_as},
    {"POST", "/logout", kAppAndReadOnly, user_routes::log_out},
    {"GET", "/verifyPassword", kApp, user_routes::verify_password},
    {"POST", "/verifyPassword", kAppAndReadOnly, user_routes::verify_password},
    {"POST", "/challenge", kApp, user_routes::challenge},

    {"GET", "/sessions/me", kApp, session_routes::current, nullptr, nullptr, {}, false},
    {"GET", "/sessions", kApp, class_routes::find, nullptr, nullptr, "_Session"},
    {"POST", "/sessions", kApp, nullptr, class_routes::prepare_create, class_routes::answer_create, "_Session"},
    {"GET", "/sessions/:objectId", kApp, class_routes::get, nullptr, nullptr, "_Session"},
    {"PUT", "/sessions/:objectId", kApp, nullptr, class_routes::prepare_update, class_routes::answer_save, "_Session"},
    {"DELETE", "/sessions/:objectId", kApp, nullptr, class_routes::prepare_remove, class_routes::answer_save, "_Session"},
    {"POST", "/upgradeToRevocableSession", kAppAndReadOnly, session_routes::upgrade, nullptr, nullptr, {}, false},

    {"GET", "/roles", kApp, class_routes::find, nullptr, nullptr, "_Role"},
    {"POST", "/roles", kApp, nullptr, class_routes::prepare_create, class_routes::answer_create, "_Role"},
    {"GET", "/roles/:objectId", kApp, class_routes::get, nullptr, nullptr, "_Role"},
    {"PUT", "/roles/:objectId", kApp, nullptr, class_routes::prepare_update, class_routes::answer_save, "_Role"},
    {"DELETE", "/roles/:objectId", kApp, nullptr, class_routes::prepare_remove, class_routes::answer_save, "_Role"},

    {"GET", "/aggregate/:className", kMaster, aggregate_routes::run},

    {"POST", "/batch", kAppAndReadOnly, batch_routes::run},

    {"GET", "/schemas", kMaster, schema_routes::list},
    {"POST", "/schemas", kMaster, schema_routes::create},
    {"GET", "/schemas/:className", kMaster, schema_routes::get},
    {"POST", "/schemas/:className", kMaster, schema_routes::create},
    {"PUT", "/schemas/:className", kMaster, schema_routes::update},
    {"DELETE", "/schemas/:className", kMaster, schema_routes::remove},
    {"DELETE", "/purge/:className", kMaster, schema_routes::purge},

    {"POST", "/functions/:functionName", kAppAndReadOnly, function_routes::call},
    {"POST", "/jobs/:jobName", kMaster, job_routes::start},
    {"POST", "/jobs", kMaster, job_routes::start},
    {"GET", "/cloud_code/jobs", kMaster, job_routes::schedules},
    {"GET", "/cloud_code/jobs/data", kMaster, job_routes::names},
    {"POST", "/cloud_code/jobs", kMaster, nullptr, job_routes::prepare_create, class_routes::answer_create, "_JobSchedule"},
    {"PUT", "/cloud_code/jobs/:objectId", kMaster, nullptr, job_routes::prepare_update, job_routes::answer_update, "_JobSchedule"},
    {"DELETE", "/cloud_code/jobs/:objectId", kMaster, nullptr, class_routes::prepare_remove, class_routes::answer_save, "_JobSchedule"},

    {"GET", "/config", kApp, config_routes::get},
    {"PUT", "/config", kMaster, config_routes::update},

    {"GET", "/hooks/functions", kMaster, hook_routes::functions},
    {"POST", "/hooks/functions", kMaster, hook_routes::create},
    {"GET", "/hooks/functions/:functionName", kMaster, hook_routes::function},
    {"PUT", "/hooks/functions/:functionName", kMaster, hook_routes::change_function},
    {"GET", "/hooks/triggers", kMaster, hook_routes::triggers},
    {"POST", "/hooks/triggers", kMaster, hook_routes::create},
    {"GET", "/hooks/triggers/:className/:triggerName", kMaster, hook_routes::trigger},
    {"PUT", "/hooks/triggers/:className/:triggerName", kMaster, hook_routes::change_trigger},

    {"GET", "/scriptlog", kMaster, log_routes::read},

    {"POST", "/import_data/:className", kMaster, import_routes::objects},
    {"POST", "/import_relation_data/:className/:field", kMaster, import_routes::relation},

    {"GET", "/explainAccess/:className/:objectId", kMaster, access_routes::explain},
    {"GET", "/serverInfo", kMaster, info_routes::server_info},
    {"GET", "/security", kMaster, info_routes::security},
};

}  // namespace

std::span<const Route> rest_routes() { return kRoutes; }

}  // namespace parsimony
