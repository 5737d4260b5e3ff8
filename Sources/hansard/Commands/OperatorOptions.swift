// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Governance
import Protection

/// The options that all commands on a tenant's things share.
struct OperatorOptions: ParsableArguments {
  @Option(help: "The tenant's id (else $HANSARD_TENANT).", transform: CommandValue.tenantID)
  var tenant: TenantID?

  @Flag(help: "Answer in JSON.")
  var json = false

  /// The tenant, from the option or the environment.
  func resolvedTenant() throws -> TenantID {
    if let tenant { return tenant }
    guard let text = ProcessInfo.processInfo.environment["HANSARD_TENANT"], !text.isEmpty else {
      throw ValidationError("Which tenant? Give --tenant or set HANSARD_TENANT.")
    }
    return try CommandValue.tenantID(text)
  }

  /// Runs `body` on the database, as the operator of the tenant.
  func perform<T: Sendable>(
    _ body: (Hansard, Caller) async throws -> T
  ) async throws -> T {
    let tenant = try resolvedTenant()
    return try await OperatorSession.with { session in
      // Row level security would answer an unknown tenant with nothing instead of an error.
      _ = try await session.hansard.tenants.find(tenant)
      return try await body(session.hansard, session.caller(of: tenant))
    }
  }
}

/// How a command shows what it made or found: a line for people, an object for programs.
struct Listing {
  /// One thing, as its fields in order; nil is null in JSON and left out for people.
  typealias Fields = [(name: String, value: Value?)]

  /// A field's value.
  enum Value {
    case text(String)
    case flag(Bool)
    case number(Int64)
    case texts([String])
  }

  /// Prints `items`, as one JSON array or as one line each.
  static func show(_ items: [Fields], json: Bool) {
    if json {
      var writer = JSONWriter()
      writer.array { writer in
        for item in items { write(item, to: &writer) }
      }
      print(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      for item in items { print(line(item)) }
    }
  }

  /// Prints one thing, as a JSON object or as a line.
  static func show(_ item: Fields, json: Bool) {
    guard json else { return print(line(item)) }
    var writer = JSONWriter()
    write(item, to: &writer)
    print(String(decoding: writer.bytes, as: UTF8.self))
  }

  private static func write(_ item: Fields, to writer: inout JSONWriter) {
    writer.object { writer in
      for (name, value) in item {
        writer.key(name)
        switch value {
        case .text(let text): writer.string(text)
        case .flag(let flag): writer.bool(flag)
        case .number(let number): writer.int(number)
        case .texts(let texts): writer.array { for text in texts { $0.string(text) } }
        case nil: writer.null()
        }
      }
    }
  }

  private static func line(_ item: Fields) -> String {
    item.compactMap { name, value -> String? in
      switch value {
      case .text(let text): "\(name)=\(text)"
      case .flag(let flag): "\(name)=\(flag)"
      case .number(let number): "\(name)=\(number)"
      case .texts(let texts): texts.isEmpty ? nil : "\(name)=\(texts.joined(separator: ","))"
      case nil: nil
      }
    }.joined(separator: "  ")
  }
}

extension Listing.Value: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self = .text(value) }

  /// A text, or nothing.
  static func some(_ text: String?) -> Self? { text.map { .text($0) } }
}
