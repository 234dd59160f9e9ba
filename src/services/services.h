// All services over one store.
#pragma once
#include "services/objects/aggregator.h"
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
        aggregator(store, settings),
        writer(store, settings),
        schemas(store, settings) {}
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const ServiceSettings settings;
  Store& store;
  const ObjectReader reader;
  const Aggregator aggregator;
  const ObjectWriter writer;
  const SchemaService schemas;
};

}  // namespace parsimony
