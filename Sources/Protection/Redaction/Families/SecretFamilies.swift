// Hansard
// SPDX-License-Identifier: Apache-2.0

/// All families that have a shape of their own. Sources: the issuers' documentation of their tokens.
package enum SecretFamilies {
  /// Tokens, by who issues them.
  static let tokens =
    codeHosting + packages + clouds + platforms + vaults + models + messaging + commerce
    + observability
    + workplace + formats
}
