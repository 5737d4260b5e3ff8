// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import Governance
import NIOCore
import NIOHTTP1
import Protection

/// Files in an S3-compatible store: `<prefix><folder>/<file>`.
///
/// An archive is written to a file without a name first, so that its length and digest are known before
/// the first byte goes out: the store takes the whole or refuses it, and compares what it got with both.
/// Requests go to the configured endpoint and nowhere else: redirects are not followed. What may pass is
/// tried again, a few times.
struct S3Archive: ArchiveStore {
  /// The most that S3 takes in one request.
  static let maximumBytes: Int64 = 5 << 30

  let settings: S3Settings
  /// Where an archive lies before it is sent; it is sealed.
  var directory = FileManager.default.temporaryDirectory.path
  var now: @Sendable () -> Moment = { .now() }
  /// How long to wait before each further attempt.
  var pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(4)]
  var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  var deadlines = Deadlines()
  /// A planted defect, for tests: see `SignatureV4`.
  var signsUnsorted = false

  /// How long things may take.
  struct Deadlines: Sendable {
    var connecting = Duration.seconds(5)
    /// Without a byte in either direction.
    var silence = Duration.seconds(30)
    /// From the first byte of a request to the head of its answer, besides what the body takes.
    var answer = Duration.seconds(60)
    /// The slowest that a body may be sent.
    var bytesPerSecond: Int64 = 64 << 10
  }

  func url(of name: any StoredName) -> String { settings.url(of: name) }

  func put<Result: Sendable>(
    _ name: any StoredName, _ write: (ArchiveSink) async throws -> Result
  ) async throws -> Result {
    let file = try await ArchiveFile.unnamed(in: directory)
    let digest = try RunningSHA256()
    var count: Int64 = 0
    let result = try await write { bytes in
      count += Int64(bytes.count)
      guard count <= Self.maximumBytes else { throw ArchiveStoreError.tooLarge }
      try digest.update(bytes)
      try await file.append(bytes)
    }
    let upload = Upload(file: file, byteCount: count, sha256: try digest.finish())
    try await withClient { client in
      try await retrying { try await send(upload, as: name, by: client) }
    }
    return result
  }

  func read<Result: Sendable>(
    _ name: any StoredName, _ body: (ArchiveBytes) async throws -> Result
  ) async throws -> Result {
    try await withClient { client in
      let response = try await retrying {
        try await accepted(try await execute(.GET, name, by: client))
      }
      var bytes = response.body.makeAsyncIterator()
      return try await body {
        do {
          return try await bytes.next().map { Array($0.readableBytesView) }
        } catch {
          throw ArchiveStoreError(reading: error)
        }
      }
    }
  }

  func byteCount(of name: any StoredName) async throws -> Int64? {
    try await withClient { client in
      try await retrying {
        let response = try await execute(.HEAD, name, by: client)
        if response.status == .notFound { return nil }
        let length = try await accepted(response).headers.first(name: "Content-Length")
        guard let count = length.flatMap({ Int64($0) }) else {
          throw ArchiveStoreError.refused(
            status: Int(response.status.code), reason: "no Content-Length")
        }
        return count
      }
    }
  }

  func delete(_ name: any StoredName) async throws {
    try await withClient { client in
      try await retrying {
        do {
          _ = try await accepted(try await execute(.DELETE, name, by: client))
        } catch ArchiveStoreError.notFound {
          // It is removed already, perhaps by the attempt before.
        }
      }
    }
  }
}

// MARK: - Requests

extension S3Archive {
  /// An archive that is complete in a file.
  private struct Upload {
    var file: ArchiveFile
    var byteCount: Int64
    var sha256: [UInt8]
  }

  /// The digest of no bytes.
  private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  private func send(
    _ upload: Upload, as name: any StoredName, by client: HTTPClient
  ) async throws {
    let checksum = Data(upload.sha256).base64EncodedString()
    var request = try request(
      .PUT, name, bodyHash: Hexadecimal.text(of: upload.sha256),
      [("content-type", "application/x-ndjson"), ("x-amz-checksum-sha256", checksum)])
    request.body = .stream(FileChunks(file: upload.file), length: .known(upload.byteCount))
    let seconds = upload.byteCount / max(1, deadlines.bytesPerSecond)
    _ = try await accepted(
      try await execute(request, by: client, within: deadlines.answer + .seconds(seconds)))
  }

  private func execute(
    _ method: HTTPMethod, _ name: any StoredName, by client: HTTPClient
  ) async throws -> HTTPClientResponse {
    try await execute(
      try request(method, name, bodyHash: Self.emptyHash), by: client, within: deadlines.answer)
  }

  private func execute(
    _ request: HTTPClientRequest, by client: HTTPClient, within limit: Duration
  ) async throws -> HTTPClientResponse {
    do {
      return try await client.execute(request, timeout: TimeAmount(limit))
    } catch {
      throw ArchiveStoreError(requesting: error)
    }
  }

  private func request(
    _ method: HTTPMethod, _ name: any StoredName, bodyHash: String,
    _ fields: [(name: String, value: String)] = []
  ) throws -> HTTPClientRequest {
    let moment = now()
    let headers =
      [
        ("x-amz-date", SignatureV4.time(moment)), ("x-amz-content-sha256", bodyHash),
        ("host", settings.authority),
      ] + fields
    var signature = SignatureV4(
      credentials: settings.credentials, region: settings.region, service: "s3")
    signature.leavesHeadersUnsorted = signsUnsorted
    let authorization = try signature.authorization(
      of: .init(
        method: method.rawValue, path: settings.path(of: name), headers: headers,
        bodyHash: bodyHash),
      at: moment)
    var request = HTTPClientRequest(url: settings.requestURL(of: name))
    request.method = method
    request.headers = HTTPHeaders(headers + [("authorization", authorization)])
    return request
  }

  /// The response, if it is a success.
  private func accepted(
    _ response: HTTPClientResponse
  ) async throws(ArchiveStoreError) -> HTTPClientResponse {
    let status = Int(response.status.code)
    if (200...299).contains(status) { return response }
    let code = await S3ErrorCode.read(from: response)
    switch status {
    case 401, 403: throw .denied(reason: code ?? "\(status)")
    case 404 where code == nil || code == "NoSuchKey": throw .notFound
    case 300...399: throw .refused(status: status, reason: code ?? "a redirect, not followed")
    default: throw .refused(status: status, reason: code ?? "without a reason")
    }
  }
}

// MARK: - Attempts

extension S3Archive {
  private func retrying<Result>(_ work: () async throws -> Result) async throws -> Result {
    for pause in pauses {
      do {
        return try await work()
      } catch let error as ArchiveStoreError where error.mayPass {
        // As much again at the most, so that instances do not come back all at once.
        try await self.pause(pause * Double.random(in: 1...2))
      }
    }
    return try await work()
  }

  /// A client for one operation: they are rare, and nothing stays open in between.
  private func withClient<Result>(
    _ body: (HTTPClient) async throws -> Result
  ) async throws -> Result {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    configuration.timeout = .init(
      connect: TimeAmount(deadlines.connecting), read: TimeAmount(deadlines.silence),
      write: TimeAmount(deadlines.silence))
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(client))
    } catch {
      result = .failure(error)
    }
    do {
      try await client.shutdown()
    } catch {
      // It is closed already: there is nothing left to do about it.
    }
    return try result.get()
  }
}

/// The bytes of a file, from its beginning each time.
private struct FileChunks: AsyncSequence, Sendable {
  let file: ArchiveFile

  struct AsyncIterator: AsyncIteratorProtocol {
    let file: ArchiveFile
    var offset: Int64 = 0

    mutating func next() async throws -> ByteBuffer? {
      let bytes = try await file.read(at: offset)
      offset += Int64(bytes.count)
      return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file) }
}
