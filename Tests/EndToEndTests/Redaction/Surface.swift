// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// A place of a request into which secrets come.
enum Surface: String, CaseIterable, Sendable {
  // The data of events.
  case value, sentence, key, nested, twiceNested, escaped, element, lines
  // Texts beside the data.
  case type, reason, tag, summary, flagReason, action
  // Attempts to recover.
  case errorMessage, recoveryMessage, errorAfter, source, stackTrace, file, context
  case change, modifiedFile
  case errorType, strategy, nextAction
  // The reason for which a recovery session is cleared.
  case clearReason
  // Where nothing is expected of that kind.
  case agent, user, canvas, session, path, parameter, filter, userAgent, trial
  case agentID, agentFound, agentName, agentOwner

  /// Whether the secret is in the data of an event, where every kind must be accepted.
  var isData: Bool {
    [.value, .sentence, .key, .nested, .twiceNested, .escaped, .element, .lines].contains(self)
  }

  /// Whether the secret is sealed, whatever is redacted.
  var isSealed: Bool { isData || attemptField != nil && !isWord }

  /// Whether the secret stands where an attempt has a word or a few, which stay in clear. Not every
  /// kind fits there.
  var isWord: Bool { [.errorType, .strategy, .nextAction].contains(self) }

  /// The field of an attempt that the secret is sent in.
  var attemptField: String? {
    switch self {
    case .errorMessage: "error_message"
    case .recoveryMessage: "recovery_message"
    case .errorAfter: "error_after"
    case .source: "source"
    case .stackTrace: "stack_trace"
    case .file: "file"
    case .context: "context"
    case .change: "changes_made"
    case .modifiedFile: "files_modified"
    case .errorType: "error_type"
    case .strategy: "strategy"
    case .nextAction: "next_action"
    default: nil
    }
  }

  /// What is sent in it.
  func attemptValue(_ secret: String) -> String {
    switch self {
    case .errorAfter, .context: data(secret)
    case .change, .modifiedFile: "[\(Self.quoted(secret))]"
    default: Self.quoted(secret)
    }
  }

  /// Whether the secret stands where an id is expected. People and agents may be named by an address
  /// or a number: of ids only tokens are refused.
  private var isID: Bool {
    [.agent, .user, .canvas, .session, .filter, .agentID, .agentFound, .agentOwner].contains(self)
  }

  /// Whether this kind must not be found when it was sent through here.
  func takes(_ canary: Canary) -> Bool { !isID || !canary.isPersonal }

  /// Where a text is kept as it came when nothing is redacted, so that the search must find it.
  var isKept: Bool { isSealed || [.reason, .summary, .flagReason, .clearReason].contains(self) }

  /// The value of `event_data`, for those that have one.
  func data(_ secret: String) -> String {
    let string = Self.quoted(secret)
    switch self {
    case .sentence: return Self.quoted("I ran it with \(secret) and it worked.")
    case .key: return "{\(string):[1,{\(Self.quoted("x \(secret)")):null}]}"
    case .nested: return #"{"body":\#(Self.quoted(#"{"log":\#(string)}"#))}"#
    case .twiceNested:
      let inner = Self.quoted(#"{"log":\#(string)}"#)
      return #"{"body":\#(Self.quoted(#"{"inner":\#(inner)}"#))}"#
    case .escaped: return #"{"log":"\#(Self.escaped(secret))"}"#
    case .element: return #"{"steps":[[],[{"output":["a",\#(string)]}]]}"#
    default: return #"{ "log" : \#(string) }"#
    }
  }

  static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Every character as its escape.
  private static func escaped(_ text: String) -> String {
    text.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }.joined()
  }

  /// Percent-encoded, for a target.
  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
      return isPlain
        ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) | 0x100, radix: 16).suffix(2)
    }.joined()
  }
}
