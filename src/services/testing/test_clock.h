// The clock as tests set it (docs/testing.md).
#pragma once
#include "types/json.h"

namespace parsimony {

// Does what a request asks:
//   {"now":"2030-01-31T23:59:59.000Z"}   the clock goes on from there; as long as it stands still, it stands there
//   {"advanceMs":n}                      moves it; back when n is negative
//   {"freeze":true}, {"freeze":false}    stops it, lets it go on from where it stands; also beside one of the two above
//   {"real":true}                        the time of the machine again; alone
// Throws 107 for anything else and for a time before 1970 or after the year 2999. Not to be called twice at a time.
void set_test_clock(const Json& request);

// {"now":"…","frozen":false,"real":true}
Json describe_clock();

}  // namespace parsimony
