// What all fuzzers share: libFuzzer's main program, which SwiftPM's own would be in the way of.

/// libFuzzer's entry (FuzzerInterface.h): the count and vector of arguments, and what to call with each input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

// Written once before libFuzzer begins; one thread calls it.
nonisolated(unsafe) private var check: ([UInt8]) throws -> Void = { _ in }

/// Has libFuzzer call `body` with inputs, as the command line says; an error that it throws counts as a crash.
public func fuzz(_ body: @escaping ([UInt8]) throws -> Void) {
    check = body
    var (count, arguments) = (CommandLine.argc, CommandLine.unsafeArgv)
    let status = runDriver(&count, &arguments) { start, count in
        do {
            try check(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch {
            fatalError("\(error)")
        }
        return 0
    }
    if status != 0 { fatalError("libFuzzer ended with \(status)") }
}
