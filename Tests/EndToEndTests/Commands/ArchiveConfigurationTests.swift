// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Governance
import TestSupport
import Testing

@testable import hansard

struct ArchiveConfigurationTests {
  private static let s3 = [
    "HANSARD_ARCHIVE_URL": "s3://acme-archive/hansard/cold",
    "HANSARD_S3_ACCESS_KEY_ID": "AKIDEXAMPLE", "HANSARD_S3_SECRET_ACCESS_KEY": "s3cr3t/+",
  ]

  private func problems(_ environment: [String: String]) -> [String] {
    do throws(ConfigurationError) {
      _ = try Configuration(environment: environment)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  private func with(_ changes: [String: String]) -> [String: String] {
    Self.s3.merging(changes) { $1 }
  }

  @Test func thereIsNoneUnlessItIsSaid() throws {
    #expect(try Configuration(environment: [:]).archive.store == nil)
  }

  @Test func takesADirectory() throws {
    let configuration = try Configuration(environment: [
      "HANSARD_ARCHIVE_URL": "file:///var/lib/hansard/archive"
    ])
    let store = try #require(configuration.archive.store)
    let name = ArchiveName(.make(), of: .make())
    #expect(store.url(of: name) == "file:///var/lib/hansard/archive/\(name.path)")
  }

  @Test func takesABucket() throws {
    let configuration = try Configuration(environment: Self.s3)
    guard case .s3(let settings) = configuration.archive.place else {
      Issue.record("no store")
      return
    }
    #expect(settings.authority == "acme-archive.s3.us-east-1.amazonaws.com")
    #expect((settings.bucket, settings.prefix) == ("acme-archive", "hansard/cold/"))
    let name = ArchiveName(.make(), of: .make())
    #expect(settings.url(of: name) == "s3://acme-archive/hansard/cold/\(name.path)")
    for url in ["s3://acme-archive", "s3://acme-archive/"] {
      let plain = try Configuration(environment: with(["HANSARD_ARCHIVE_URL": url]))
      #expect(plain.archive.store?.url(of: name) == "s3://acme-archive/\(name.path)")
    }
  }

  @Test func takesAnotherStoreThanAmazons() throws {
    let configuration = try Configuration(
      environment: with([
        "HANSARD_S3_ENDPOINT": "https://minio.internal:9000", "HANSARD_S3_REGION": "eu-1",
        "HANSARD_S3_PATH_STYLE": "on",
      ]))
    guard case .s3(let settings) = configuration.archive.place else {
      Issue.record("no store")
      return
    }
    let name = ArchiveName(.make(), of: .make())
    #expect(
      settings.requestURL(of: name)
        == "https://minio.internal:9000/acme-archive/hansard/cold/\(name.path)")
    #expect(settings.region == "eu-1")
  }

  @Test(arguments: [
    "/var/lib", "file://var/lib", "file://", "file:///", "file:///a/../b", "file:///a//b",
    "file:///a/", "file:///a b", "file:///a?b", "s3://", "s3://ab", "s3://UPPER", "s3://-ab",
    "s3://a..b", "s3://bucket//x", "s3://bucket/a/../b", "s3://bucket/a%20b", "s3://bucket@x",
    "https://bucket.s3.amazonaws.com", "S3://bucket", "s3:bucket", "s3://bucket/\u{E9}",
  ])
  func refusesAnythingElse(url: String) {
    let found = problems(with(["HANSARD_ARCHIVE_URL": url]))
    #expect(found.contains { $0.hasPrefix("HANSARD_ARCHIVE_URL: must be file:///") })
  }

  @Test(arguments: [
    ("HANSARD_S3_ENDPOINT", "minio:9000"), ("HANSARD_S3_ENDPOINT", "http://minio.internal"),
    ("HANSARD_S3_ENDPOINT", "https://minio/path"), ("HANSARD_S3_ENDPOINT", "https://u:p@minio"),
    ("HANSARD_S3_REGION", "EU"), ("HANSARD_S3_REGION", "a/b"), ("HANSARD_S3_PATH_STYLE", "maybe"),
    ("HANSARD_S3_ACCESS_KEY_ID", "a b"), ("HANSARD_S3_SECRET_ACCESS_KEY", "a\nb"),
  ])
  func refusesABadValueAndNamesItsVariable(variable: String, value: String) {
    let found = problems(with([variable: value]))
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("\(variable): ") == true)
  }

  @Test func plainHTTPIsForDevelopmentAndTest() {
    let environment = with([
      "HANSARD_S3_ENDPOINT": "http://minio.internal", "HANSARD_ENV": "development",
    ])
    #expect(problems(environment).isEmpty)
  }

  @Test func halvesAreRefused() {
    var environment = Self.s3
    environment["HANSARD_S3_SECRET_ACCESS_KEY"] = nil
    #expect(
      problems(environment) == [
        "HANSARD_S3_SECRET_ACCESS_KEY: must be set, since HANSARD_ARCHIVE_URL is an s3:// URL"
      ])
    environment = Self.s3
    environment["HANSARD_ARCHIVE_URL"] = nil
    #expect(
      problems(environment) == [
        "HANSARD_S3_ACCESS_KEY_ID: is set, but HANSARD_ARCHIVE_URL is not set",
        "HANSARD_S3_SECRET_ACCESS_KEY: is set, but HANSARD_ARCHIVE_URL is not set",
      ])
    #expect(
      problems(["HANSARD_ARCHIVE_URL": "file:///a", "HANSARD_S3_REGION": "eu"])
        == ["HANSARD_S3_REGION: is set, but HANSARD_ARCHIVE_URL is a directory"])
  }

  @Test func theSecretIsNotShown() throws {
    let report = try Configuration(environment: Self.s3).report()
    #expect(!report.contains("s3cr3t"))
    #expect(report.contains("HANSARD_S3_SECRET_ACCESS_KEY=***  # environment"))
    #expect(report.contains("HANSARD_S3_ACCESS_KEY_ID=AKIDEXAMPLE  # environment"))
    #expect(report.contains("HANSARD_S3_REGION=us-east-1  # default"))
  }

  @Test func theSecretCanBeInAFile() throws {
    let directory = try TemporaryDirectory.make("archive-configuration")
    defer { TemporaryDirectory.remove(directory) }
    try "s3cr3t\n".write(toFile: "\(directory)/secret", atomically: false, encoding: .utf8)
    var environment = with(["HANSARD_S3_SECRET_ACCESS_KEY_FILE": "\(directory)/secret"])
    environment["HANSARD_S3_SECRET_ACCESS_KEY"] = nil
    let configuration = try Configuration(environment: environment)
    #expect(configuration.archive.secretAccessKey == "s3cr3t")
    #expect(configuration.sources[.s3SecretAccessKey] == .file)
  }

  @Test func checkConfigLooksAtTheDirectory() async throws {
    let directory = try TemporaryDirectory.make("archive-configuration")
    defer { TemporaryDirectory.remove(directory) }
    let program = ["check-config"]
    let right = try await Executable.run(
      program, environment: ["HANSARD_ARCHIVE_URL": "file://\(directory)"])
    #expect(right.status == .exited(0))
    #expect(right.output.contains("HANSARD_ARCHIVE_URL=file://\(directory)  # environment"))
    let wrong = try await Executable.run(
      program, environment: ["HANSARD_ARCHIVE_URL": "file://\(directory)/none"])
    #expect(wrong.status == .exited(78))
    #expect(
      wrong.output.contains(
        "HANSARD_ARCHIVE_URL: is not a directory that this account can write to"))
  }
}
