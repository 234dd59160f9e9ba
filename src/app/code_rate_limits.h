// The limits of requests that the validators of Cloud Code ask for (server-behaviour.md, sections 17.4 and 21).
#pragma once
#include <vector>

#include "cloud/host/registrations.h"
#include "rest/rate_limiter.h"

namespace parsimony {

// The limit of a registration; it must have one. As an element of the option rateLimit, but that it counts 5 requests in a minute where
// it says nothing else. Throws OptionError.
RateLimit read_code_rate_limit(const Registration& definition);

}  // namespace parsimony
