// All services over one store and one place for files.
#pragma once
#include "services/config/config_service.h"
#include "services/files/file_service.h"
#include "services/object_gate.h"
#include "services/objects/aggregator.h"
#include "services/objects/object_reader.h"
#include "services/objects/object_writer.h"
#include "services/schemas/schema_service.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct Services {
  Services(Store& store_in, FileStore& file_store, ServiceSettings settings_in)
      : settings(std::move(settings_in)),
        store(store_in),
        reader(store, settings),
        aggregator(store, settings),
        writer(store, settings),
        users(store, writer, settings),
        sessions(store, settings),
        saves(writer, users, sessions, settings),
        schemas(store, settings),
        config(store),
        files(file_store, settings) {}
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const ServiceSettings settings;
  Store& store;
  const ObjectReader reader;
  const Aggregator aggregator;
  const ObjectWriter writer;
  const UserService users;
  const SessionService sessions;
  const ObjectGate saves;
  const SchemaService schemas;
  const ConfigService config;
  const FileService files;
};

}  // namespace parsimony
