#pragma once
// For store alone: a generation from a row of sql/generations.h.

#include "store/database.h"
#include "store/records.h"

namespace sealwright::store {

Generation read_generation(Statement& row);

}  // namespace sealwright::store
