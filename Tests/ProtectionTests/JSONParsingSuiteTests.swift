// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

@Suite(
  "JSONParsingSuite",
  .enabled(if: JSONParsingSuite.directory != nil, Comment(rawValue: JSONParsingSuite.absence)))
struct JSONParsingSuiteTests {
  /// The RFC only says that keys SHOULD be unique; we insist.
  private let repeatedKeys: Set = [
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
  ]

  @Test func acceptsWhatEveryParserMustAccept() throws {
    let documents = try JSONParsingSuite.documents("y_")
    #expect(documents.count == 95)
    for (name, bytes) in documents {
      let expected: JSONError.Code? = repeatedKeys.contains(name) ? .duplicateKey : nil
      #expect(JSONError.thrown(by: bytes)?.code == expected, "\(name)")
    }
  }

  @Test func keepsTheBytesOfWhatItAccepts() throws {
    for (name, bytes) in try JSONParsingSuite.documents("y_") where !repeatedKeys.contains(name) {
      let wrapped = Array(#"{"event_data": "#.utf8) + bytes + Array("}".utf8)
      let value = try #require(try JSONDocument(parsing: wrapped).root["event_data"])
      let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
      let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
      #expect(Array(value.rawBytes) == Array(trimmed), "\(name)")
    }
  }

  @Test func refusesWhatEveryParserMustRefuse() throws {
    let documents = try JSONParsingSuite.documents("n_")
    #expect(documents.count == 188)
    for (name, bytes) in documents {
      let code = JSONError.thrown(by: bytes)?.code
      #expect(code.map(refusals(name).contains) == true, "\(name): \(code as Any)")
      #expect(JSONError.thrown(by: bytes, limits: .unlimited) != nil, "\(name)")
    }
  }

  /// The first fault is named: in two files that is their depth, in some half a surrogate pair.
  private func refusals(_ name: String) -> Set<JSONError.Code> {
    switch name {
    case "n_structure_100000_opening_arrays.json", "n_structure_open_array_object.json":
      [.tooDeep]
    case _ where name.contains("surrogate"): [.loneSurrogate]
    default: [.malformed, .invalidUTF8]
    }
  }

  @Test func decidesWhatTheGrammarLeavesOpen() throws {
    let documents = try JSONParsingSuite.documents("i_")
    #expect(documents.count == 35)
    #expect(Set(documents.map(\.name)) == Set(Self.decisions.keys))
    for (name, bytes) in documents {
      #expect(JSONError.thrown(by: bytes)?.code == Self.decisions[name] ?? nil, "\(name)")
    }
    let nested = try #require(documents.first { $0.name.hasSuffix("500_nested_arrays.json") })
    #expect(JSONError.thrown(by: nested.bytes, limits: JSONLimits(depth: 500)) == nil)
  }

  /// Nil: accepted.
  private static let decisions: [String: JSONError.Code?] = [
    // Numbers are kept as written, whatever a Double can hold.
    "i_number_double_huge_neg_exp.json": nil,
    "i_number_huge_exp.json": nil,
    "i_number_neg_int_huge_exp.json": nil,
    "i_number_pos_double_huge_exp.json": nil,
    "i_number_real_neg_overflow.json": nil,
    "i_number_real_pos_overflow.json": nil,
    "i_number_real_underflow.json": nil,
    "i_number_too_big_neg_int.json": nil,
    "i_number_too_big_pos_int.json": nil,
    "i_number_very_big_negative_int.json": nil,
    // Half a surrogate pair is not a character.
    "i_object_key_lone_2nd_surrogate.json": .loneSurrogate,
    "i_string_1st_surrogate_but_2nd_missing.json": .loneSurrogate,
    "i_string_1st_valid_surrogate_2nd_invalid.json": .loneSurrogate,
    "i_string_incomplete_surrogate_and_escape_valid.json": .loneSurrogate,
    "i_string_incomplete_surrogate_pair.json": .loneSurrogate,
    "i_string_incomplete_surrogates_escape_valid.json": .loneSurrogate,
    "i_string_invalid_lonely_surrogate.json": .loneSurrogate,
    "i_string_invalid_surrogate.json": .loneSurrogate,
    "i_string_inverted_surrogates_U+1D11E.json": .loneSurrogate,
    "i_string_lone_second_surrogate.json": .loneSurrogate,
    // JSON between systems is UTF-8 (RFC 8259 section 8.1), and UTF-8 is what Unicode says.
    "i_string_UTF-8_invalid_sequence.json": .invalidUTF8,
    "i_string_UTF8_surrogate_U+D800.json": .invalidUTF8,
    "i_string_invalid_utf-8.json": .invalidUTF8,
    "i_string_iso_latin_1.json": .invalidUTF8,
    "i_string_lone_utf8_continuation_byte.json": .invalidUTF8,
    "i_string_not_in_unicode_range.json": .invalidUTF8,
    "i_string_overlong_sequence_2_bytes.json": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes.json": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes_null.json": .invalidUTF8,
    "i_string_truncated-utf-8.json": .invalidUTF8,
    "i_string_UTF-16LE_with_BOM.json": .malformed,
    "i_string_utf16BE_no_BOM.json": .malformed,
    "i_string_utf16LE_no_BOM.json": .malformed,
    "i_structure_UTF-8_BOM_empty_object.json": .malformed,
    "i_structure_500_nested_arrays.json": .tooDeep,
  ]
}
