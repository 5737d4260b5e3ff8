// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Python's `json`, told to be strict, as a second opinion.
struct JSONPythonOracle {
  enum Verdict: UInt8, Sendable {
    case accepted = 0x61
    /// Accepted, with half a surrogate pair in a string.
    case loneSurrogate = 0x73
    case duplicateKey = 0x64
    case malformed = 0x6D
    case notUTF8 = 0x75
    /// Deeper than Python can count.
    case tooDeep = 0x72
  }

  struct Opinion {
    let verdict: Verdict
    /// As ``JSONReading`` has it; empty unless accepted, and for edits.
    let reading: [UInt8]
  }

  enum Question {
    case document([UInt8])
    /// The last document with one byte replaced.
    case edit(offset: Int, byte: UInt8)
  }

  /// One run of Python for all questions, through files, so that no pipe can fill up.
  static func opinions(on questions: [Question]) async throws -> [Opinion] {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("hansard-json-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer {
      // What stays behind in the temporary directory harms no later run.
      do { try FileManager.default.removeItem(at: directory) } catch {}
    }
    let (input, output) = (
      directory.appendingPathComponent("in"), directory.appendingPathComponent("out")
    )
    try Data(questions.flatMap(encode)).write(to: input)
    _ = try await Python.run(script, [input.path, output.path], within: .seconds(300))
    return decode([UInt8](try Data(contentsOf: output)))
  }

  private static func encode(_ question: Question) -> [UInt8] {
    switch question {
    case .document(let bytes): [0] + word(bytes.count) + bytes
    case .edit(let offset, let byte): [1] + word(offset) + [byte]
    }
  }

  private static func word(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(value).littleEndian, Array.init)
  }

  private static func decode(_ answers: [UInt8]) -> [Opinion] {
    var opinions: [Opinion] = []
    var offset = 0
    while offset + 5 <= answers.count {
      let length = (1...4).reduce(0) { $0 | Int(answers[offset + $1]) << (8 * ($1 - 1)) }
      guard let verdict = Verdict(rawValue: answers[offset]), offset + 5 + length <= answers.count
      else { break }
      opinions.append(
        Opinion(verdict: verdict, reading: Array(answers[offset + 5..<offset + 5 + length])))
      offset += 5 + length
    }
    return opinions
  }

  private static let script = """
    import json, struct, sys

    class Num(str): pass
    class Obj(list): pass
    class Repeated(Exception): pass

    def pairs(members):
        if len({key for key, _ in members}) < len(members):
            raise Repeated
        return Obj(members)

    def constant(name):
        raise ValueError(name)

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_float=Num, parse_int=Num,
                               parse_constant=constant, strict=True)

    def read(value, out):
        if value is None: out.append(b'n')
        elif value is True: out.append(b't')
        elif value is False: out.append(b'f')
        elif isinstance(value, Num): out.append(b'#' + value.encode() + b';')
        elif isinstance(value, str):
            text = value.encode('utf-8')
            out.append(b's%d:' % len(text) + text)
        elif isinstance(value, Obj):
            out.append(b'{')
            for key, member in value:
                read(key, out)
                read(member, out)
            out.append(b'}')
        else:
            out.append(b'[')
            for element in value: read(element, out)
            out.append(b']')

    def judge(document, wants_reading):
        try:
            text = document.decode('utf-8')
            if text.startswith('\\ufeff'): return b'm', b''
            # `decode` skips white space around the document, JSON's four characters only.
            value = decoder.decode(text)
            if not wants_reading and b'\\\\u' not in document: return b'a', b''
            out = []
            read(value, out)
            return b'a', b''.join(out) if wants_reading else b''
        except Repeated: return b'd', b''
        except UnicodeDecodeError: return b'u', b''
        except UnicodeEncodeError: return b's', b''
        except RecursionError: return b'r', b''
        except ValueError: return b'm', b''

    data = open(sys.argv[1], 'rb').read()
    answers = []
    offset, document = 0, b''
    while offset < len(data):
        kind, number = struct.unpack_from('<BI', data, offset)
        offset += 5
        if kind == 0:
            document = data[offset:offset + number]
            offset += number
            verdict, reading = judge(document, True)
        else:
            edited = document[:number] + data[offset:offset + 1] + document[number + 1:]
            offset += 1
            verdict, reading = judge(edited, False)
        answers.append(verdict + struct.pack('<I', len(reading)) + reading)
    open(sys.argv[2], 'wb').write(b''.join(answers))
    """
}
