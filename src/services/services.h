// All services over one store, one place for files and the users' code.
#pragma once
#include "services/cloud/composite_cloud_code.h"
#include "services/cloud/deployments.h"
#include "services/cloud/functions.h"
#include "services/cloud/triggered_finds.h"
#include "services/cloud/triggered_saves.h"
#include "services/config/config_service.h"
#include "services/files/file_service.h"
#include "services/hooks/hook_service.h"
#include "services/hooks/webhook_code.h"
#include "services/jobs/job_service.h"
#include "services/logs/log_keeper.h"
#include "services/object_gate.h"
#include "services/objects/aggregator.h"
#include "services/objects/object_reader.h"
#include "services/objects/object_writer.h"
#include "services/schemas/schema_service.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct Services {
  Services(Store& store_in, FileStore& file_store, CloudCode& code_in, ServiceSettings settings_in, Adapters& adapters = no_adapters())
      : settings(std::move(settings_in)),
        store(store_in),
        hooks(store),
        webhooks(hooks, settings.webhooks),
        both_codes(webhooks, code_in),
        code(both_codes),
        triggers(code, store, settings),
        functions(code, triggers),
        reader(store, settings),
        aggregator(store, settings),
        writer(store, settings),
        auth(store, triggers, adapters, settings),
        users(store, writer, triggers, auth, adapters, settings),
        sessions(store, triggers, settings),
        gate(writer, users, sessions, settings),
        finds(reader, triggers, auth, store, settings),
        saves(gate, triggers, store, settings),
        schemas(store, settings),
        config(store, triggers),
        files(file_store, triggers, settings),
        jobs(store, code, settings) {}
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const ServiceSettings settings;
  Store& store;
  const HookService hooks;
  WebhookCode webhooks;
  CompositeCloudCode both_codes;
  CloudCode& code;  // the webhooks, then the code that was given
  const Triggers triggers;
  const Functions functions;
  const ObjectReader reader;
  const Aggregator aggregator;
  const ObjectWriter writer;
  const AuthService auth;
  const UserService users;
  const SessionService sessions;
  const ObjectGate gate;
  const TriggeredFinds finds;
  const TriggeredSaves saves;
  const SchemaService schemas;
  const ConfigService config;
  const FileService files;
  JobService jobs;
  // Set before anybody else uses the services:
  const LogKeeper* logs = nullptr;     // what is logged; null: it is not kept
  Deployments* deployments = nullptr;  // null: none are taken
};

}  // namespace parsimony
