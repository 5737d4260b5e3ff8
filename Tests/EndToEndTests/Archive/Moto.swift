// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport

@testable import Governance
@testable import hansard

/// moto's server, an S3 of another make that checks signatures, as the child of a test.
struct Moto: Sendable {
  static let bucket = "hansard-archive"

  let port: Int
  /// Of a user who may read, write and remove objects of the bucket, and nothing else.
  let credentials: SignatureV4.Credentials

  /// The interpreter that `scripts/setup --test` makes.
  private static func interpreter() throws -> String {
    let path = try ProjectFiles.root() + "/.build/moto/bin/python"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw TestSupportError("moto is not installed: run scripts/setup --test")
    }
    return path
  }

  /// Lends one with an empty bucket.
  static func with<T: Sendable>(_ body: (Moto) async throws -> T) async throws -> T {
    let port = try Ports.free().main
    // The first four requests are not asked who they are; those behind them must be signed and permitted.
    let environment = ChildProcess.plainEnvironment.merging([
      "INITIAL_NO_AUTH_ACTION_COUNT": "4"
    ]) { $1 }
    let child = try ChildProcess.start(
      .init(
        command: guarded + [
          try interpreter(), "-m", "moto.server", "-H", "127.0.0.1", "-p", String(port),
        ], environment: environment, ownSession: true))
    let result: Result<T, any Error>
    do {
      result = .success(try await body(try await prepared(port)))
    } catch {
      result = .failure(error)
    }
    child.send(SIGTERM)
    _ = await child.wait()
    return try result.get()
  }

  /// It must not outlive the tests.
  private static var guarded: [String] {
    let program = "/usr/bin/setpriv"
    let isThere = FileManager.default.isExecutableFile(atPath: program)
    return isThere ? [program, "--pdeathsig", "KILL", "--"] : []
  }

  /// Waits until it listens, and makes the user and the bucket.
  private static func prepared(_ port: Int) async throws -> Moto {
    let answer = try await python(preparation, [String(port), bucket])
    let root = try JSONDocument(parsing: Array(answer.utf8)).root
    guard let id = try root["id"]?.text(), let secret = try root["secret"]?.text() else {
      throw TestSupportError("moto gave no key: \(answer)")
    }
    return Moto(port: port, credentials: .init(accessKeyID: id, secretAccessKey: secret))
  }

  private static func python(_ program: String, _ arguments: [String]) async throws -> String {
    let (status, output) = try await ChildProcess.run(
      [try interpreter(), "-c", program] + arguments, within: .seconds(100))
    guard status == .exited(0) else { throw TestSupportError("python: \(output)") }
    return output
  }

  private static let preparation = """
    import boto3, json, socket, sys, time
    port, bucket = int(sys.argv[1]), sys.argv[2]
    end = time.monotonic() + 80
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            if time.monotonic() > end: raise
            time.sleep(0.05)
    common = dict(endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
                  aws_access_key_id="any", aws_secret_access_key="any")
    iam = boto3.client("iam", **common)
    iam.create_user(UserName="hansard")
    objects, itself = f"arn:aws:s3:::{bucket}/*", f"arn:aws:s3:::{bucket}"
    iam.put_user_policy(
        UserName="hansard", PolicyName="archive",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Resource": objects,
             "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]},
            {"Effect": "Allow", "Resource": itself, "Action": "s3:ListBucket"}]}))
    key = iam.create_access_key(UserName="hansard")["AccessKey"]
    boto3.client("s3", **common).create_bucket(Bucket=bucket)
    print(json.dumps({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}))
    """

  /// A store in its bucket, by way of `port` where that is another.
  func store(port: Int? = nil, secret: String? = nil) throws -> S3Archive {
    var credentials = credentials
    if let secret { credentials.secretAccessKey = secret }
    return try S3Archive.local(port: port ?? self.port, credentials: credentials)
  }
}

extension S3Archive {
  /// A store on this machine that does not wait between its attempts.
  static func local(
    port: Int,
    credentials: SignatureV4.Credentials = .init(accessKeyID: "id", secretAccessKey: "secret")
  ) throws -> S3Archive {
    guard let endpoint = WebhookURL("http://127.0.0.1:\(port)") else {
      throw TestSupportError("no endpoint")
    }
    var store = S3Archive(
      settings: S3Settings(
        endpoint: endpoint, region: "us-east-1", bucket: Moto.bucket, prefix: "cold/",
        credentials: credentials, usesPathStyle: true))
    store.pause = { _ in }
    return store
  }

  /// The bytes of an archive; nil where there is none.
  func contents(_ name: ArchiveName) async throws -> [UInt8]? {
    do {
      return try await read(name) { bytes in
        var all: [UInt8] = []
        while let piece = try await bytes() { all += piece }
        return all
      }
    } catch ArchiveStoreError.notFound {
      return nil
    }
  }
}
