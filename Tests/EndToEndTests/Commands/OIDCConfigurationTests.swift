// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import OIDC
import TestSupport
import Testing

@testable import hansard

struct OIDCConfigurationTests {
  private static let right = [
    "HANSARD_OIDC_ISSUER": "https://id.example", "HANSARD_OIDC_AUDIENCE": "hansard",
    "HANSARD_OIDC_KEYS": "https://id.example/keys",
  ]

  private func problems(_ changes: [String: String?]) -> [String] {
    var environment = Self.right
    for (name, value) in changes { environment[name] = value }
    do throws(ConfigurationError) {
      _ = try Configuration(environment: environment)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test func isOffUnlessThereIsAnIssuer() throws {
    #expect(try Configuration(environment: [:]).oidc.settings == nil)
    let report = try Configuration(environment: [:]).report()
    #expect(report.contains("HANSARD_OIDC_ISSUER=  # default"))
  }

  @Test func threeVariablesAreEnough() throws {
    let configuration = try Configuration(environment: Self.right)
    let settings = try #require(configuration.oidc.settings)
    #expect(settings.issuer == "https://id.example" && settings.audience == "hansard")
    #expect(settings.keys == .url("https://id.example/keys"))
    #expect(settings.tenantClaim.text == "tenant_id" && settings.userClaim.text == "sub")
    #expect(settings.roleClaim.text == "roles" && settings.roles == .standard)
    #expect(!settings.acceptsPlainJWT && settings.maximumLifetime == 3600)
    #expect(
      configuration.report().contains(
        "HANSARD_OIDC_ROLES=recorder=recorder,member=member,reviewer=reviewer,auditor=auditor,"
          + "admin=admin  # default"))
  }

  @Test(arguments: ["HANSARD_OIDC_ISSUER", "HANSARD_OIDC_AUDIENCE", "HANSARD_OIDC_KEYS"])
  func aHalfIsNothing(_ missing: String) {
    #expect(
      problems([missing: nil])
        == ["\(missing): must be set, since another HANSARD_OIDC_ variable is"])
  }

  @Test func aSwitchAloneIsAMistake() throws {
    do throws(ConfigurationError) {
      _ = try Configuration(environment: ["HANSARD_OIDC_ACCEPT_PLAIN_JWT": "true"])
      Issue.record("taken")
    } catch {
      #expect(error.problems.count == 3)
    }
  }

  @Test(arguments: [
    ("HANSARD_OIDC_ISSUER", "a b"), ("HANSARD_OIDC_ISSUER", String(repeating: "a", count: 201)),
    ("HANSARD_OIDC_AUDIENCE", "\u{E9}"), ("HANSARD_OIDC_KEYS", "keys.json"),
    ("HANSARD_OIDC_KEYS", "http://id.example/keys"),
    ("HANSARD_OIDC_KEYS", "https:///keys"), ("HANSARD_OIDC_KEYS", "https://u:p@id.example/keys"),
    ("HANSARD_OIDC_KEYS", "ftp://id.example/keys"), ("HANSARD_OIDC_KEYS", "https://a b/keys"),
    ("HANSARD_OIDC_TENANT_CLAIM", "a b"), ("HANSARD_OIDC_USER_CLAIM", "/a~"),
    ("HANSARD_OIDC_ROLE_CLAIM", "\u{1F600}"), ("HANSARD_OIDC_ROLES", "ops=king"),
    ("HANSARD_OIDC_ROLES", "ops"), ("HANSARD_OIDC_ACCEPT_PLAIN_JWT", "maybe"),
    ("HANSARD_OIDC_MAX_TOKEN_SECONDS", "59"), ("HANSARD_OIDC_MAX_TOKEN_SECONDS", "86401"),
    ("HANSARD_OIDC_MAX_TOKEN_SECONDS", "1h"),
  ])
  func aBadValueIsRefusedByName(_ variable: String, _ value: String) {
    let found = problems([variable: value])
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.hasPrefix("\(variable): ") == true)
    #expect(found.first?.contains(value) == false)
  }

  @Test(arguments: ["development", "test"])
  func keysOverPlainHTTPAreForDevelopmentAndTest(_ stage: String) {
    #expect(problems(["HANSARD_OIDC_KEYS": "http://localhost:1/k", "HANSARD_ENV": stage]) == [])
  }

  @Test func checkConfigReadsTheFileOfKeys() async throws {
    let directory = try TemporaryDirectory.make("oidc")
    defer { TemporaryDirectory.remove(directory) }
    let file = "\(directory)/jwks.json"
    let environment = Self.right.merging(["HANSARD_OIDC_KEYS": file]) { $1 }
    let missing = try await Executable.run(["check-config"], environment: environment)
    #expect(missing.status == .exited(78))
    #expect(missing.output.contains("HANSARD_OIDC_KEYS: the set cannot be read"))
    let key = try SigningKey(.es256, id: "k").jwk()
    try "{\"keys\":[\(key)]}".write(toFile: file, atomically: true, encoding: .utf8)
    let right = try await Executable.run(["check-config"], environment: environment)
    #expect(right.status == .exited(0))
    #expect(right.output.contains("# issuer keys of use: 1"))
    #expect(right.output.contains("HANSARD_OIDC_KEYS=\(file)  # environment"))
  }
}
