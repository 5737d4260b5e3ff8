// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Where the public keys of an issuer are.
package enum KeySource: Sendable, Equatable {
  /// The path of a file, which is read again and again: it can be replaced while the service runs.
  case file(String)
  /// A URL that answers with the keys: what an issuer calls `jwks_uri`.
  case url(String)

  /// How long one fetch may take, from resolving the name to the last byte.
  static let deadline = Duration.seconds(5)

  /// The keys as they are now.
  package func load() async throws(KeySetError) -> IssuerKeySet {
    switch self {
    case .file(let path): try await IssuerKeySet(parsing: Self.contents(of: path))
    case .url(let url): try await IssuerKeySet(parsing: Self.answer(of: url))
    }
  }

  private static func contents(of path: String) async throws(KeySetError) -> [UInt8] {
    do {
      // Reading may block.
      return try await NIOThreadPool.singleton.runIfActive {
        guard isRegularFile(path) else { throw KeySetError.unreadable }
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { handle.closeFile() }
        return Array(try handle.read(upToCount: IssuerKeySet.maximumBytes + 1) ?? Data())
      }
    } catch {
      throw .unreadable
    }
  }

  /// Anything else, such as a pipe, could keep a reader waiting for ever.
  private static func isRegularFile(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  private static func answer(of url: String) async throws(KeySetError) -> [UInt8] {
    let client = client()
    let outcome = await fetch(url, by: client)
    do {
      try await client.shutdown()
    } catch {
      // It is closed already: there is nothing left to do about it.
    }
    return try outcome.get()
  }

  /// A client for one fetch: they are minutes apart, and nothing stays open in between.
  private static func client() -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    // A redirect could lead to where no operator has allowed us to ask.
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.timeout = .init(connect: .seconds(3), read: .seconds(3))
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Whichever is first: the answer, or the end of our patience.
  private static func fetch(
    _ url: String, by client: HTTPClient
  ) async -> Result<[UInt8], KeySetError> {
    await withTaskGroup(of: Result<[UInt8], KeySetError>.self) { group in
      group.addTask { await exchange(url, by: client) }
      group.addTask {
        do {
          try await Task.sleep(for: deadline)
        } catch {
          // Cancelled: the answer has come.
        }
        return .failure(.timedOut)
      }
      let first = await group.next() ?? .failure(.timedOut)
      group.cancelAll()
      return first
    }
  }

  private static func exchange(
    _ url: String, by client: HTTPClient
  ) async -> Result<[UInt8], KeySetError> {
    do {
      var request = HTTPClientRequest(url: url)
      request.headers.add(name: "Accept", value: "application/jwk-set+json, application/json")
      let response = try await client.execute(request, timeout: TimeAmount(deadline))
      guard response.status == .ok else { return .failure(.status(Int(response.status.code))) }
      let body = try await response.body.collect(upTo: IssuerKeySet.maximumBytes)
      return .success(Array(body.readableBytesView))
    } catch is NIOTooManyBytesError {
      return .failure(.tooLarge)
    } catch {
      return .failure(.unreachable)
    }
  }
}
