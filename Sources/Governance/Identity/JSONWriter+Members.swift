// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Protection

extension JSONWriter {
  /// A member whose value is a string, or null.
  package mutating func member(_ name: String, _ text: String?) {
    key(name)
    string(text)
  }

  /// A member whose value is a moment in RFC 3339, or null.
  package mutating func member(_ name: String, _ moment: Moment?) {
    key(name)
    string(moment?.rfc3339)
  }

  /// A member whose value is one of our ids.
  package mutating func member<Kind>(_ name: String, _ id: ServerID<Kind>?) {
    key(name)
    uuid(id?.uuid)
  }

  /// A member whose value is a list of strings.
  package mutating func member(_ name: String, _ texts: [String]) {
    key(name)
    array { writer in
      for text in texts { writer.string(text) }
    }
  }

  /// A member whose value is bytes in lower-case hexadecimal.
  package mutating func member(_ name: String, hex bytes: [UInt8]) {
    member(name, Hexadecimal.text(of: bytes))
  }
}
