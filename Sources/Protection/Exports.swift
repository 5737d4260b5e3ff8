// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Whoever protects bytes reads them as JSON. `HansardJSON` is a target of its own only so that the
/// Swift client can have it without OpenSSL.
@_exported public import HansardJSON
