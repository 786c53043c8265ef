/// Small drawings beside a title. They repeat what the words say, so they are hidden from screen readers.
enum Pictogram: Sendable {
    case network, success, problem, wait

    var html: HTML {
        switch self {
        case .network:
            """
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path fill="none" stroke="currentColor" \
            stroke-width="2.2" stroke-linecap="round" d="M2.5 9.5a13.5 13.5 0 0 1 19 0M6 13.2a8.5 8.5 0 0 1 12 0M9.3 \
            16.7a3.9 3.9 0 0 1 5.4 0"/><circle cx="12" cy="20" r="1.6" fill="currentColor"/></svg>
            """
        case .success:
            """
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="10" fill="none" \
            stroke="currentColor" stroke-width="2"/><path fill="none" stroke="currentColor" stroke-width="2.4" \
            stroke-linecap="round" stroke-linejoin="round" d="M7.5 12.5l3 3 6-6.5"/></svg>
            """
        case .problem:
            """
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path fill="none" stroke="currentColor" \
            stroke-width="2" stroke-linejoin="round" d="M12 3L1.8 21h20.4z"/><path stroke="currentColor" stroke-width="2.2" \
            stroke-linecap="round" d="M12 10v5M12 18v.1"/></svg>
            """
        case .wait:
            """
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="10" fill="none" \
            stroke="currentColor" stroke-width="2"/><path fill="none" stroke="currentColor" stroke-width="2.2" \
            stroke-linecap="round" stroke-linejoin="round" d="M12 6.5V12l3.5 2.5"/></svg>
            """
        }
    }
}
