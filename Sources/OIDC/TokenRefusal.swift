// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What was wrong with a token: for the log and the counters. Whoever sent it is never told.
enum TokenRefusal: String, Error, CaseIterable {
  /// Not three parts of base64url with JSON objects in the first two, or too long.
  case malformed
  /// A signature that is not taken, `none` among them.
  case algorithm
  /// Another kind of token, such as one that only says who somebody is.
  case type
  /// A header that brings a key, names a place to fetch one from, or asks for what is not understood.
  case header
  /// The header does not name its key.
  case unnamedKey = "unnamed_key"
  /// The issuer does not have a key of that name for that algorithm.
  case unknownKey = "unknown_key"
  case signature
  case issuer
  case audience
  case expired
  /// It lives for longer than tokens may.
  case longLived = "long_lived"
  case notYetValid = "not_yet_valid"
  /// No tenant, or one that is no tenant's id.
  case tenant
  /// No user, or one whose id cannot be one.
  case user
  /// No role, or none that is ours.
  case role
}
