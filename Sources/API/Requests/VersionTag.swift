// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The `ETag` of something that is replaced version by version: `"policy-3"`.
struct VersionTag: Sendable {
  /// What the version is of.
  let name: String

  /// The tag of a version.
  func text(of version: Int) -> String { "\"\(name)-\(version)\"" }

  /// The version that a request means to replace. What is no tag of ours names -1, which is never in force:
  /// it is refused, and audited, like a version that is not in force any more.
  ///
  /// - Throws: `preconditionRequired` where it names none.
  func replaced(by exchange: Exchange) throws(Problem) -> Int {
    guard let tag = exchange.ifMatch else {
      throw Problem(.preconditionRequired, "If-Match names the version that is replaced.")
    }
    return version(in: tag) ?? -1
  }

  /// The version that a tag of ours names.
  func version(in tag: String) -> Int? {
    let digits = tag.utf8.dropFirst(name.utf8.count + 2).dropLast(1)
    guard let number = QueryReader.digits(String(decoding: Array(digits), as: UTF8.self)),
      let version = Int(exactly: number), text(of: version).utf8.elementsEqual(tag.utf8)
    else { return nil }
    return version
  }
}
