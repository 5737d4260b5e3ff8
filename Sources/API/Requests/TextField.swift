// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

/// What is wrong with one value.
struct FieldFault: Error, Equatable {
  /// The word for it.
  let code: ProblemCode
  /// A sentence for people; never repeats the value.
  let reason: String

  init(_ code: ProblemCode, _ reason: String) {
    self.code = code
    self.reason = reason
  }
}

/// How a text from a body or a query becomes a value of the domain.
struct TextField<Value> {
  /// Reads a text or says what is wrong with it.
  let read: (String) -> Result<Value, FieldFault>

  init(_ read: @escaping (String) -> Result<Value, FieldFault>) {
    self.read = read
  }

  /// A text of at most `maximumBytes`, not empty, that `make` accepts, or else `fault`.
  init(maximumBytes: Int, _ fault: FieldFault, _ make: @escaping (String) -> Value?) {
    self.init { text in
      guard !text.isEmpty else { return .failure(FieldFault(.emptyValue, "It is empty.")) }
      guard text.utf8.count <= maximumBytes else {
        return .failure(FieldFault(.tooLong, "It is longer than \(maximumBytes) bytes."))
      }
      return make(text).map { .success($0) } ?? .failure(fault)
    }
  }
}

extension TextField {
  /// An id that the caller chose.
  static func callerID<Kind>() -> TextField<CallerID<Kind>> where Value == CallerID<Kind> {
    let reason = "It must be visible ASCII without / \\ ? # %, and neither . nor .. ."
    return TextField(maximumBytes: 255, FieldFault(.badID, reason)) { CallerID($0) }
  }

  /// A UUID in its 36-character form, in either case, not all zero.
  static func serverID<Kind>() -> TextField<ServerID<Kind>> where Value == ServerID<Kind> {
    TextField { text in
      guard isUUID(text), let id = ServerID<Kind>(text), text.utf8.contains(where: isSignificant)
      else {
        return .failure(FieldFault(.badUUID, "It must be a UUID other than the nil UUID."))
      }
      return .success(id)
    }
  }

  /// One of an enumeration's words.
  static func word() -> TextField<Value> where Value: RawRepresentable<String> & CaseIterable {
    let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return TextField { text in
      // Compared by bytes: Swift takes canonically equivalent texts for equal.
      Value.allCases.first { $0.rawValue.utf8.elementsEqual(text.utf8) }.map { .success($0) }
        ?? .failure(FieldFault(.badValue, "It must be one of: \(words)."))
    }
  }

  private static func isUUID(_ text: String) -> Bool {
    text.utf8.count == 36
      && text.utf8.enumerated().allSatisfy { index, byte in
        [8, 13, 18, 23].contains(index)
          ? byte == UInt8(ascii: "-")
          : UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
      }
  }

  private static func isSignificant(_ byte: UInt8) -> Bool {
    byte != UInt8(ascii: "0") && byte != UInt8(ascii: "-")
  }
}

extension TextField where Value == Moment {
  /// A moment in RFC 3339 with an offset.
  static var timestamp: Self {
    Self { text in
      Moment(rfc3339: text).map { .success($0) }
        ?? .failure(FieldFault(.badTimestamp, "It must be an RFC 3339 date-time with an offset."))
    }
  }
}

extension TextField where Value == Tag {
  /// A tag.
  static var tag: Self {
    let fault = FieldFault(.badValue, "It must not hold control characters.")
    return Self(maximumBytes: Tag.maximumBytes, fault) { Tag($0) }
  }
}

extension TextField where Value == EventType {
  /// A kind of event.
  static var eventType: Self {
    let reason = "It must be a letter, then letters, digits and _ . : - ."
    return Self(maximumBytes: 64, FieldFault(.badEventType, reason)) { EventType($0) }
  }
}

extension TextField where Value == RecordingText {
  /// A sentence of at most `maximumBytes`.
  static func sentence(maximumBytes: Int) -> Self {
    Self(maximumBytes: maximumBytes, FieldFault(.badValue, "It is not acceptable.")) {
      RecordingText($0, maximumBytes: maximumBytes)
    }
  }
}

extension TextField where Value == Bool {
  /// `true` or `false`, for a query.
  static var truth: Self {
    Self { text in
      switch text {
      case "true": .success(true)
      case "false": .success(false)
      default: .failure(FieldFault(.badValue, "It must be true or false."))
      }
    }
  }
}

extension TextField where Value == Cursor {
  /// A cursor; whether it is one of ours is decided where it is used.
  static var cursor: Self {
    Self(maximumBytes: 1024, FieldFault(.badCursor, "It is not a cursor.")) { Cursor(text: $0) }
  }
}

extension TextField where Value == DisplayName {
  /// A name that people read.
  static var displayName: Self {
    let reason = "It must be 1 to 255 characters without control characters."
    return Self(maximumBytes: 4 * 255, FieldFault(.badValue, reason)) { DisplayName($0) }
  }
}
