#pragma once
// Inside lint only: what a certificate is for, as far as it and its policy tell.

#include "lint/rule.h"

namespace sealwright::lint {

/// What the subject says outright, else its policy, else its extended key usage. Without a policy a
/// CA is an authority, but not a self-signed one whose extended key usage says codeSigning and
/// whose key usage, if there is one, does not say keyCertSign: old tools made signers like that.
Purpose purpose_of(const Facts& facts);

}  // namespace sealwright::lint
