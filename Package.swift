// swift-tools-version: 6.2
// Hansard
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// What every target of ours is held to. Import direction is the `dependencies` lists below;
/// `scripts/test` builds with `--explicit-target-dependency-import-check error`, so an import
/// that is not declared here does not compile.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "hansard",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "hansard", targets: ["hansard"]),
    .library(name: "HansardClient", targets: ["HansardClient"]),
    // Not installed: what scripts/bench runs.
    .executable(name: "hansard-bench", targets: ["Bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // For tests only, which sign tokens with it.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "Postgres", dependencies: ["CLibPQ"], swiftSettings: house),
    .target(name: "HansardJSON", swiftSettings: house),
    // For programs of others: nothing of the service, no libpq, no OpenSSL.
    .target(
      name: "HansardClient",
      dependencies: [
        "HansardJSON",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "hansard-example-record", dependencies: ["HansardClient"], path: "Examples/record",
      swiftSettings: house),
    .executableTarget(
      name: "hansard-example-recover", dependencies: ["HansardClient"], path: "Examples/recover",
      swiftSettings: house),
    // Killed by tests.
    .executableTarget(
      name: "hansard-recovery-probe", dependencies: ["HansardClient"],
      path: "Tests/RecoveryProbe", swiftSettings: house),
    .target(
      name: "Protection", dependencies: ["CLibCrypto", "HansardJSON"], swiftSettings: house),
    .target(name: "Ledger", dependencies: ["Protection"], swiftSettings: house),
    .target(
      name: "Governance",
      dependencies: [
        "Postgres", "Protection", "Ledger",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .target(
      name: "API",
      dependencies: [
        "Governance", "Protection",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .target(
      name: "OIDC",
      dependencies: [
        "Governance", "Postgres", "Protection",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .target(name: "EmbeddedPostgres", swiftSettings: house),
    .executableTarget(
      name: "hansard",
      dependencies: [
        "API", "EmbeddedPostgres", "Governance", "HansardClient", "OIDC", "Postgres",
        "Protection",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .target(
      name: "TestSupport",
      dependencies: [
        "EmbeddedPostgres", "Ledger", "Postgres", "Protection",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/TestSupport", swiftSettings: house),
    .executableTarget(
      name: "Bench", dependencies: ["CLibPQ", "EmbeddedPostgres", "Postgres", "Protection"],
      path: "Tests/Bench", swiftSettings: house),
    .testTarget(name: "BenchTests", dependencies: ["Bench"], swiftSettings: house),
    .testTarget(
      name: "PostgresTests",
      dependencies: ["CLibPQ", "EmbeddedPostgres", "Postgres", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "ProtectionTests",
      dependencies: ["CLibCrypto", "Postgres", "Protection", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "Protection"], swiftSettings: house),
    .testTarget(
      name: "HansardClientTests",
      dependencies: [
        "EmbeddedPostgres", "HansardClient", "HansardJSON", "TestSupport",
        "hansard-example-recover", "hansard-recovery-probe",
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "GovernanceTests",
      dependencies: [
        "Governance", "Ledger", "Postgres", "Protection", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "APITests",
      dependencies: [
        "API", "Governance", "Protection",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "OIDCTests",
      dependencies: [
        "Governance", "OIDC", "Postgres", "Protection", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "EmbeddedPostgresTests", dependencies: ["EmbeddedPostgres", "Postgres", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "EmbeddedPostgres", "Governance", "HansardClient", "OIDC", "Postgres", "Protection",
        "TestSupport", "hansard", "hansard-example-record",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: house),
  ]
)
