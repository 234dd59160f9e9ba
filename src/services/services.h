// All services over one store.
#pragma once
#include "services/config/config_service.h"
#include "services/objects/object_reader.h"
#include "services/objects/object_writer.h"
#include "services/schemas/schema_service.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct Services {
  Services(Store& store_in, ServiceSettings settings_in)
      : settings(std::move(settings_in)),
        store(store_in),
        reader(store, settings),
        writer(store, settings),
        schemas(store, settings),
        config(store) {}
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const ServiceSettings settings;
  Store& store;
  const ObjectReader reader;
  const ObjectWriter writer;
  const SchemaService schemas;
  const ConfigService config;
};

}  // namespace parsimony
