// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Protection

@Suite struct MasterKeyringTests {
  static let a = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
  static let b = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
  static let zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

  @Test(arguments: [
    ("mk-1 \(a)\n", ["mk-1"]),
    ("mk-1 \(a)", ["mk-1"]),
    ("# first\n\n  # second\nmk-1\t \(a)\nmk-0 \(b)\n", ["mk-1", "mk-0"]),
    ("\r\n mk-1 \(a) \r\nmk-0 \(b)\r\n", ["mk-1", "mk-0"]),
    ("A_z.0-9 \(b)\n", ["A_z.0-9"]),
    ("\(String(repeating: "x", count: 64)) \(b)\n", [String(repeating: "x", count: 64)]),
  ])
  func loadsKeysInOrder(text: String, ids: [String]) throws {
    let keyring = try load(text)
    #expect(keyring.current.id == ids.first)
    for id in ids { #expect(keyring.key(id: id)?.id == id) }
    #expect(keyring.key(id: "other") == nil)
  }

  static let refusals: [(text: String, error: MasterKeyError)] = [
    ("", .empty),
    ("\n# only a comment\n \t\n", .empty),
    ("mk-1\n", .malformedLine(1)),
    ("mk-1 \(a) more\n", .malformedLine(1)),
    ("mk-1 \(a)\n\u{B}\n", .malformedLine(2)),
    ("mk/1 \(a)\n", .invalidID(line: 1)),
    ("\u{E9} \(a)\n", .invalidID(line: 1)),
    ("mk\0 \(a)\n", .invalidID(line: 1)),
    ("\u{FEFF}mk-1 \(a)\n", .invalidID(line: 1)),
    ("\(String(repeating: "x", count: 65)) \(a)\n", .invalidID(line: 1)),
    ("mk-1 \(a.dropLast())\n", .invalidKey(line: 1)),
    ("mk-1 \(a)=\n", .invalidKey(line: 1)),
    ("mk-1 \(a.dropLast(2))==\n", .invalidKey(line: 1)),
    ("mk-1 \(a.dropLast(2))9=\n", .invalidKey(line: 1)),
    ("mk-1 \(a.dropLast(4))\n", .invalidKey(line: 1)),
    ("mk-1 \(a)\(b)\n", .invalidKey(line: 1)),
    ("mk-1 -\(a.dropFirst())\n", .invalidKey(line: 1)),
    ("mk-1 \(a.dropLast(2))\u{E9}\n", .invalidKey(line: 1)),
    ("mk-1 00010203040506070809\n", .invalidKey(line: 1)),
    ("mk-1 \(zero)\n", .zeroKey(line: 1)),
    ("mk-1 \(a)\nmk-1 \(b)\n", .duplicateID(line: 2)),
    ("mk-1 \(a)\nmk-2 \(b)\nmk-3 \(a)\n", .duplicateKey(line: 3)),
    ("mk-1 \(a)\n\n#\nmk-2 x\n", .invalidKey(line: 4)),
  ]

  @Test func refusesBadText() {
    for (text, error) in Self.refusals {
      #expect(throws: error, "\(text.debugDescription)") { try load(text) }
    }
  }

  @Test func readsTheKeyThatTheLineSays() throws {
    let fingerprint = try Sample.masterKey().fingerprint
    #expect(try load("any \(Self.a)\n").current.fingerprint == fingerprint)
    #expect(try load("any \(Self.b)\n").current.fingerprint != fingerprint)
  }

  @Test func recognisesTheWrongKeyUnderTheRightID() throws {
    let (before, after) = (try load("mk \(Self.a)\n"), try load("mk \(Self.b)\n"))
    let fingerprint = before.current.fingerprint
    #expect(try before.key(id: "mk", fingerprint: fingerprint).fingerprint == fingerprint)
    #expect(throws: EnvelopeError.wrongMasterKey(id: "mk")) {
      try after.key(id: "mk", fingerprint: fingerprint)
    }
    #expect(throws: EnvelopeError.wrongMasterKey(id: "mk")) {
      try before.key(id: "mk", fingerprint: [])
    }
    #expect(throws: EnvelopeError.unknownMasterKey(id: "none")) {
      try before.key(id: "none", fingerprint: fingerprint)
    }
  }

  @Test func opensWhatAnOlderKeyWrappedAfterARotation() throws {
    let (before, after) = (try load("old \(Self.a)\n"), try load("new \(Self.b)\nold \(Self.a)\n"))
    let key = try TenantKey.generate()
    let wrapped = try before.current.wrap(tenantKey: key, tenant: Sample.tenant)
    #expect(after.current.id == "new")
    let old = try #require(after.key(id: before.current.id))
    let unwrapped = try old.unwrapTenantKey(wrapped, id: key.id, tenant: Sample.tenant)
    #expect(unwrapped.secret.isEqual(to: key.secret))
    #expect(throws: EnvelopeError.authenticationFailed) {
      try after.current.unwrapTenantKey(wrapped, id: key.id, tenant: Sample.tenant)
    }
  }

  /// A file cut anywhere is an error or lacks nothing but its line feed.
  @Test func refusesATruncatedFile() {
    let text = "mk-1 \(Self.a)"
    for count in 0..<text.utf8.count {
      #expect(throws: MasterKeyError.self) { try load(String(text.prefix(count))) }
    }
    #expect(throws: Never.self) { try load(text) }
  }

  @Test func survivesAnyBytes() throws {
    let valid = Array("mk-1 \(Self.a)\nmk-2 \(Self.b)\n".utf8)
    for _ in 0..<5000 {
      var text = Bool.random() ? valid : try SecureRandom.bytes(.random(in: 0...80))
      for _ in 0..<Int.random(in: 0...3) where !text.isEmpty {
        text[Int.random(in: text.indices)] = .random(in: 0...255)
      }
      do {
        let keys = try text.withBytes { (bytes) throws(MasterKeyError) in
          try MasterKeyFile.parse(bytes)
        }
        #expect(keys.allSatisfy { MasterKeyFile.isValidID($0.id.utf8) })
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test func neverQuotesTheFileInAnError() {
    let secret = String(Self.a.dropLast(2))
    do {
      _ = try load("mk-1 \(secret)")
      Issue.record("loaded a key of the wrong length")
    } catch {
      #expect(!"\(error)".contains(secret.prefix(8)))
      #expect(!String(reflecting: error).contains(secret.prefix(8)))
    }
  }

  private func load(_ text: String) throws(MasterKeyError) -> MasterKeyring {
    try Array(text.utf8).withBytes { (bytes) throws(MasterKeyError) in
      try MasterKeyring(MasterKeyFile.parse(bytes))
    }
  }
}
