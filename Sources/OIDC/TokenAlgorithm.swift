// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The signatures that are taken (RFC 7518, section 3.1; RFC 8037, section 3.1), by their names in a
/// token's header. There are no others: not `none`, nothing with a shared secret.
enum TokenAlgorithm: String, Sendable, CaseIterable {
  case edDSA = "EdDSA"
  case es256 = "ES256"
  case rs256 = "RS256"
}
