// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

extension JSONWriter {
  /// A member, left out where there is no text.
  mutating func member(_ name: String, _ text: String?) {
    guard let text else { return }
    key(name)
    string(text)
  }

  /// A list of texts, left out where there is none.
  mutating func member(_ name: String, _ texts: [String]?) {
    guard let texts else { return }
    key(name)
    array { writer in
      for text in texts { writer.string(text) }
    }
  }

  /// A number, left out where there is none.
  mutating func member(_ name: String, _ number: Int?) {
    guard let number else { return }
    key(name)
    int(number)
  }

  /// Yes or no, left out where nothing is said.
  mutating func member(_ name: String, _ flag: Bool?) {
    guard let flag else { return }
    key(name)
    bool(flag)
  }
}
