// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Protection

/// The sealed part of an attempt, opened: a JSON object of what was sent, redacted.
package struct RecoveryContent: Sendable {
  /// The members that an object may have, in this order.
  package enum Member: String, CaseIterable, Sendable {
    case changesMade = "changes_made"
    case filesModified = "files_modified"
    case errorMessage = "error_message"
    case recoveryMessage = "recovery_message"
    case errorAfter = "error_after"
    case source
    case stackTrace = "stack_trace"
    case file
    case line
    case context
  }

  private let members: [Member: JSONValue]

  /// Reads what was sealed.
  ///
  /// - Throws: `unreadable` for what no version of this service seals.
  init(_ bytes: [UInt8]) throws {
    let root: JSONValue
    do {
      root = try JSONDocument(parsing: bytes, limits: .sealedContent).root
    } catch {
      throw DomainError.unreadable
    }
    members = try root.members.reduce(into: [:]) { found, member in
      guard let known = Member.allCases.first(where: { member.isNamed($0.rawValue) }) else {
        throw DomainError.unreadable
      }
      found[known] = member.value
    }
  }

  /// A member's JSON; nil where nothing was sent.
  package subscript(_ member: Member) -> JSONValue? { members[member] }

  /// A member's text; nil where nothing was sent, and for what is no text.
  package func text(_ member: Member) -> String? {
    members[member]?.decodedBytes().map { String(decoding: $0, as: UTF8.self) }
  }

  /// The texts of a list.
  package func texts(_ member: Member) -> [String] {
    (members[member]?.elements.map(\.self) ?? []).compactMap { element in
      element.decodedBytes().map { String(decoding: $0, as: UTF8.self) }
    }
  }
}

extension JSONLimits {
  /// What is sealed was checked when it came in; redaction can have made it longer.
  fileprivate static let sealedContent = JSONLimits(
    depth: 128, stringBytes: .max, numberBytes: 4096, keys: .max)
}

extension RecoveryTexts {
  /// The JSON object that is sealed: members that were not sent are left out.
  var json: [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1024)
    writer.object { writer in
      if !changesMade.isEmpty { writer.member(.changesMade, changesMade) }
      if !filesModified.isEmpty { writer.member(.filesModified, filesModified) }
      writer.member(.errorMessage, text: errorMessage)
      writer.member(.recoveryMessage, text: recoveryMessage)
      writer.member(.errorAfter, json: errorAfter)
      writer.member(.source, text: source)
      writer.member(.stackTrace, text: stackTrace)
      writer.member(.file, text: file)
      writer.member(.line, json: line.map { Array(String($0).utf8) })
      writer.member(.context, json: context)
    }
    return writer.bytes
  }

  /// The same, redacted, as it is sealed.
  func redacted(by redactor: TenantRedactor) throws -> Redaction {
    let document: JSONDocument
    do {
      document = try JSONDocument(parsing: json, limits: .sealedContent)
    } catch {
      throw DomainError(.internalError, "an attempt that is not JSON")
    }
    return try redactor.redact(document.root)
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ member: RecoveryContent.Member, _ texts: [String]) {
    self.member(member.rawValue, texts)
  }

  fileprivate mutating func member(_ member: RecoveryContent.Member, text: String?) {
    if let text { self.member(member.rawValue, text) }
  }

  fileprivate mutating func member(_ member: RecoveryContent.Member, json: [UInt8]?) {
    guard let json else { return }
    key(member.rawValue)
    raw(json)
  }
}
