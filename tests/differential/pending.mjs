// What the product does not do yet, in one place: a scenario ('geo') or one step of it ('objects: get without keys').
// The test prints what stands here, and fails when it passes after all: then it has to leave this list.
export const pending = [];
