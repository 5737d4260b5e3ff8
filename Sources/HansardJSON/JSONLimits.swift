// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a document may cost before ``JSONDocument`` refuses it.
///
/// The number of array elements has no limit of its own: it is bounded by the length of the
/// document, which the caller bounds. The tape takes 16 bytes per value and per key, so in the
/// worst case (`[0,0,…]`) eight times the document.
package struct JSONLimits: Sendable, Hashable {
  /// Containers inside each other; an object or array at the root has depth 1.
  package var depth: Int
  /// Bytes of UTF-8 in one string or key after its escapes are decoded.
  package var stringBytes: Int
  /// Bytes of one number as written.
  package var numberBytes: Int
  /// Keys in the whole document, all its objects together.
  package var keys: Int

  package init(
    depth: Int = 64,
    stringBytes: Int = 131_072,
    numberBytes: Int = 256,
    keys: Int = 10_000
  ) {
    self.depth = depth
    self.stringBytes = stringBytes
    self.numberBytes = numberBytes
    self.keys = keys
  }
}
