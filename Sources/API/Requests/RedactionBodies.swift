// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The bodies of the redaction routes.
enum RedactionBodies {
  /// `{switched_off?: […], rules?: [{name, position, literal, characters, minimum_length,
  /// maximum_length}]}`.
  static func draft(_ bytes: [UInt8]) throws(Problem) -> RedactionPolicyDraft {
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .command).root, known: fields)
    let draft = read(&reader)
    return try reader.finish { draft }
  }

  /// `{sample, policy?}`: any JSON value, and a draft as above.
  static func attempt(
    _ bytes: [UInt8]
  ) throws(Problem) -> (sample: JSONValue, draft: RedactionPolicyDraft?) {
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .event).root, known: ["sample", "policy"])
    let sample = reader.value("sample")
    let draft = reader.nested("policy", known: fields) { read(&$0) } ?? nil
    return try reader.finish { sample.map { ($0, draft) } }
  }

  private static let fields = ["switched_off", "rules"]

  private static func read(_ reader: inout ObjectReader) -> RedactionPolicyDraft {
    let off = reader.list("switched_off", maximumCount: 500, as: .familyName)
    let rules = reader.objects(
      "rules", maximumCount: RedactionPolicyDraft.maximumRules,
      known: ["name", "position", "literal", "characters", "minimum_length", "maximum_length"],
      rule)
    return RedactionPolicyDraft(switchedOff: off, rules: rules)
  }

  private static func rule(_ reader: inout ObjectReader) -> CustomSecret? {
    let name = reader.required("name", as: .familyName)
    let position: CustomSecret.Position? = reader.required("position", as: .word())
    let literal = reader.required("literal", as: .literal)
    let characters: ByteClass? = reader.required("characters", as: .word())
    let low = reader.requiredCount("minimum_length", 1...4096)
    let high = reader.requiredCount("maximum_length", 1...4096)
    guard let name, let position, let literal, let characters, let low, let high else { return nil }
    guard low <= high else {
      reader.refuse("maximum_length", .badValue, "It must not be less than minimum_length.")
      return nil
    }
    do {
      return try CustomSecret(
        name: name, position: position, literal: literal, characters: characters, length: low...high
      )
    } catch {
      let (field, reason) = word(for: error)
      reader.refuse(field, .badValue, reason)
      return nil
    }
  }

  private static func word(for fault: CustomSecret.Fault) -> (String, String) {
    switch fault {
    case .badName:
      ("name", "It must be a small letter, then small letters, digits and _, at most 36 bytes.")
    case .nameTaken: ("name", "A built-in family has this name.")
    case .badLiteral: ("literal", "It must be 2 to 64 visible ASCII characters.")
    case .badLength: ("maximum_length", "It must be at most 4096.")
    case .tooUnspecific:
      ("minimum_length", "Literal and length together would hit ordinary text: ask for more.")
    }
  }
}

extension TextField where Value == String {
  /// The name of a family or rule; whether there is one is decided where it is used.
  fileprivate static var familyName: Self {
    Self(maximumBytes: 36, FieldFault(.badValue, "It is not acceptable.")) { $0 }
  }

  fileprivate static var literal: Self {
    Self(maximumBytes: 64, FieldFault(.badValue, "It is not acceptable.")) { $0 }
  }
}
