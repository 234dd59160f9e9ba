// All services over one store, one place for files and the users' code.
#pragma once
#include "services/cloud/triggered_finds.h"
#include "services/cloud/triggered_saves.h"
#include "services/config/config_service.h"
#include "services/files/file_service.h"
#include "services/jobs/job_service.h"
#include "services/object_gate.h"
#include "services/objects/aggregator.h"
#include "services/objects/object_reader.h"
#include "services/objects/object_writer.h"
#include "services/schemas/schema_service.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct Services {
  Services(Store& store_in, FileStore& file_store, CloudCode& code_in, ServiceSettings settings_in)
      : settings(std::move(settings_in)),
        store(store_in),
        code(code_in),
        triggers(code, store, settings),
        reader(store, settings),
        aggregator(store, settings),
        writer(store, settings),
        users(store, writer, triggers, settings),
        sessions(store, triggers, settings),
        gate(writer, users, sessions, settings),
        finds(reader, triggers, store, settings),
        saves(gate, triggers, store, settings),
        schemas(store, settings),
        config(store),
        files(file_store, settings),
        jobs(store, code, settings) {}
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const ServiceSettings settings;
  Store& store;
  CloudCode& code;
  const Triggers triggers;
  const ObjectReader reader;
  const Aggregator aggregator;
  const ObjectWriter writer;
  const UserService users;
  const SessionService sessions;
  const ObjectGate gate;
  const TriggeredFinds finds;
  const TriggeredSaves saves;
  const SchemaService schemas;
  const ConfigService config;
  const FileService files;
  JobService jobs;
};

}  // namespace parsimony
