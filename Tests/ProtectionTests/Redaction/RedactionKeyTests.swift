// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

/// JSON members whose names say that the value is secret.
@Suite("Sensitive keys")
struct RedactionKeyTests {
  private let redactor: Redactor

  init() throws {
    redactor = Redactor(rules: .standard, key: try TenantKey.generate())
  }

  private func output(_ text: String) throws -> String {
    let root = try JSONDocument(parsing: Array(text.utf8)).root
    let bytes = try redactor.redact(root).bytes
    return String(decoding: Judge.foldMarkers(bytes), as: UTF8.self)
  }

  private static let secretKeys = [
    "password", "passwd", "pwd", "passphrase", "secret", "token", "api_key", "apikey",
    "client_secret",
    "private_key", "access_key", "secret_key", "access_token", "refresh_token", "id_token",
    "auth_token",
    "session_token", "authorization", "cookie", "set-cookie", "x-api-key", "db_password",
    "user_password",
    "current_password", "aws_secret_access_key", "encryption_key", "signing_key", "webhook_secret",
    "github_token", "bot_token", "proxy-authorization", "credentials", "smtp_pass",
  ]

  private static let plainKeys = [
    "user", "key", "keys", "name", "max_tokens", "prompt_tokens", "completion_tokens",
    "total_tokens",
    "token_count", "tokens", "tokenizer", "token_type", "token_limit", "password_policy", "passed",
    "passenger",
    "compass", "author", "authority", "authorized", "secretary", "public_key", "primary_key",
    "sort_key", "keyboard",
    "monkey", "cookies_enabled", "session", "auth_method", "input_tokens", "output_tokens",
    "cached_tokens",
  ]

  /// `api_key` as `apiKey`, `ApiKey`, `api-key`, `API_KEY` and `Api-Key` too.
  private static func spellings(_ name: String) -> Set<String> {
    let words = name.split { $0 == "_" || $0 == "-" }.map(String.init)
    let capitals = words.map(\.capitalized)
    return [
      name, words.joined(separator: "_"), words.joined(separator: "-"), name.uppercased(),
      words[0] + capitals.dropFirst().joined(), capitals.joined(), capitals.joined(separator: "-"),
    ]
  }

  @Test(arguments: secretKeys)
  func replacesTheWholeValue(_ name: String) throws {
    let values = [
      "\"x\"", "\"a \\\"b\\\" \\u0041\"", "17", "-1.5e9", #"["a","b"]"#,
      #"{"a":{"b":["c",1,null]}}"#, #"[[{}],""]"#,
    ]
    for key in Self.spellings(name) {
      // How many tokens there are is no secret.
      for value in values
      where !name.hasSuffix("token") || Int(value) == nil && Double(value) == nil {
        let document = #"{"user":"a", "\#(key)" : \#(value) ,"n":[1]}"#
        let expected = #"{"user":"a", "\#(key)" : "\#u{1}" ,"n":[1]}"#
        let found = try output(document)
        #expect(found == expected)
      }
    }
  }

  @Test(arguments: secretKeys)
  func findsEscapedAndNestedKeys(_ name: String) throws {
    let key = JSONText.thirds(name)
    #expect(try output(#"[{"\#(key)":"x"}]"#) == "[{\"\(key)\":\"\u{1}\"}]")
    let inner = #"{"a":[{"\#(name)":"maple-41"}]}"#
    let document = #"{"body":"\#(JSONText.escaped(inner))"}"#
    #expect(try output(document).contains("maple") == false)
  }

  @Test(arguments: secretKeys)
  func keepsValuesThatSayNothing(_ name: String) throws {
    for value in ["null", "true", "false", #""""#, "[]", "{}"] {
      let document = #"{"\#(name)":\#(value)}"#
      let found = try output(document)
      #expect(found == document)
    }
  }

  @Test(arguments: plainKeys)
  func keepsOtherKeys(_ name: String) throws {
    for key in Self.spellings(name) {
      for value in ["\"plain words\"", "1024", #"["a","b"]"#, #"{"in":1234,"out":56}"#] {
        let document = #"{"\#(key)":\#(value)}"#
        let found = try output(document)
        #expect(found == document)
      }
    }
  }
}
