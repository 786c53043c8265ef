/// A queue: elements leave in the order they came. Appending and taking cost O(1) on average.
struct Fifo<Element> {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    /// Puts elements before all others.
    mutating func prepend(_ more: [Element]) {
        elements.replaceSubrange(0..<head, with: more)
        head = 0
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        defer {
            head += 1
            // Half of it is spent: the move is paid for by the takes before it.
            if head >= 1024, head * 2 >= elements.count {
                elements.removeFirst(head)
                head = 0
            } else if head == elements.count {
                elements.removeAll(keepingCapacity: true)
                head = 0
            }
        }
        return elements[head]
    }

    /// Takes out everything that fulfils the condition.
    mutating func removeAll(where condition: (Element) -> Bool) -> [Element] {
        var removed: [Element] = []
        var kept: [Element] = []
        for element in elements[head...] {
            if condition(element) { removed.append(element) } else { kept.append(element) }
        }
        (elements, head) = (kept, 0)
        return removed
    }
}
