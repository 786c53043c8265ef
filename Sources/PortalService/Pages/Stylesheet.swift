import OpenSSL

/// The one style sheet of all pages, inline so that a first page is one request, and its hash for the content security
/// policy.
struct Stylesheet: Sendable {
    let text: String
    /// `'sha256-…'` (CSP Level 3 §6.7.3.3).
    let policySource: String

    /// For pages of no site.
    static let plain = Stylesheet(theme: .plain, isLarge: false)

    private static let darkBackground: UInt32 = 0x14161a

    /// - Parameter isLarge: for packages in plain language, whose readers are served by larger letters.
    init(theme: Theme, isLarge: Bool) {
        let light = """
            --a:\(Theme.text(theme.accent));--on:\(Theme.text(theme.accentText));--t:\(Theme.text(theme.text));\
            --b:\(Theme.text(theme.background));--s:\(Theme.text(theme.surround))
            """
        let colours = """
            :root{color-scheme:light dark;\(light);--m:#454b57;--l:#c3c8d2;--f:#6b7280;--e:#a10f0f;--es:#fdf1f0;--o:#0b5a33}
            @media(prefers-color-scheme:dark){:root{--a:\(theme.darkAccentText(on: Self.darkBackground));--on:#14161a;\
            --t:#f2f3f5;--m:#c5cad4;--b:#14161a;--s:#1c1f25;--l:#454c59;--f:#8f97a6;--e:#ffb4ab;--es:#3a1a18;--o:#9fe3bd}}
            html{font-size:\(isLarge ? "112.5%" : "100%")}

            """
        text = colours + Self.rules
        policySource = "'sha256-\(Base64.encode(Digest.sha256(Array(text.utf8))))'"
    }

    private static let rules = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;margin:0;min-height:100vh;\
        display:flex;flex-direction:column;background:var(--s);color:var(--t);border-top:.5rem solid var(--a);overflow-wrap:anywhere}
        .w{width:100%;max-width:36rem;margin:0 auto;padding:0 min(1rem,4vw)}
        a{color:var(--a);text-underline-offset:.15em}
        a:hover{text-decoration-thickness:.15em}
        :focus{outline:.1875rem solid var(--t);outline-offset:.1875rem;border-radius:.125rem}
        :focus:not(:focus-visible){outline:0}
        :focus-visible{outline:.1875rem solid var(--t);outline-offset:.1875rem}
        .k{position:absolute;left:-99rem;top:0;background:var(--b);padding:.75rem 1rem;z-index:1}
        .k:focus{left:0}
        header{background:var(--b);border-bottom:1px solid var(--l)}
        header .w{display:flex;flex-wrap:wrap;gap:.25rem 1rem;justify-content:space-between;align-items:center;\
        padding-top:.75rem;padding-bottom:.75rem}
        .o{margin:0;font-size:1.25rem;font-weight:700;line-height:1.25}
        .o span{display:block;font-size:1rem;font-weight:400;color:var(--m)}
        .g{display:inline-flex;align-items:center;min-height:2.75rem;padding:0 .25rem}
        main.w{flex:1 0 auto;padding-top:1.5rem;padding-bottom:2rem}
        main:focus{outline:0}
        h1,h2,button,.b{hyphens:auto}
        h1{margin:0 0 .5rem;font-size:min(1.75rem,10.5vw);line-height:1.2;display:flex;gap:.625rem;align-items:center}
        h1 svg{flex:none;width:2rem;height:2rem;color:var(--a)}
        h1.ok svg{color:var(--o)}h1.no svg{color:var(--e)}
        h2{margin:0 0 .5rem;font-size:1.25rem;line-height:1.3}
        p{margin:0 0 1rem}
        .d{font-size:1.125rem}
        .c{background:var(--b);border:1px solid var(--l);border-radius:.5rem;padding:min(1.25rem,4vw) min(1rem,4vw);margin:0 0 1rem}
        form{margin:0 0 1rem}.c>:last-child,form>:last-child{margin-bottom:0}
        label{display:block;font-weight:700;margin:0 0 .25rem}
        .h{color:var(--m);margin:0 0 .5rem}
        input{width:100%;min-height:3rem;padding:.5rem .75rem;font:inherit;font-size:1.25rem;color:var(--t);\
        background:var(--b);border:2px solid var(--f);border-radius:.375rem;margin:0 0 1rem}
        #code{letter-spacing:.06em;text-transform:uppercase}
        [aria-invalid=true]{border-color:var(--e)!important}
        button,.b{display:block;width:100%;min-height:3rem;padding:.625rem min(1rem,2vw);font:inherit;font-size:1.125rem;font-weight:700;\
        text-align:center;text-decoration:none;color:var(--on);background:var(--a);border:2px solid var(--a);border-radius:.375rem;\
        cursor:pointer}
        button:hover,.b:hover{text-decoration:underline}
        .s{color:var(--a);background:transparent}
        .e{background:var(--es);border:1px solid var(--e);border-left-width:.375rem;border-radius:.375rem;padding:min(1rem,4vw);margin:0 0 1rem}
        .e h2,.x{color:var(--e)}.x{font-weight:700;margin:0 0 .5rem}
        .e p:last-child{margin:0}.e a{color:inherit}
        .n{border-left:.375rem solid var(--a);background:var(--b);padding:min(1rem,4vw);margin:0 0 1rem}
        .n p:last-child{margin:0}
        dl{margin:0 0 1rem}dt{color:var(--m)}dd{margin:0 0 .75rem;font-size:1.5rem;font-weight:700;line-height:1.3}
        ul{margin:0 0 1rem;padding-left:1.25rem}
        table{width:100%;border-collapse:collapse;margin:0 0 1rem}
        th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid var(--l)}
        footer{border-top:1px solid var(--l);background:var(--b);padding:.75rem 0 1.5rem}
        footer ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 1.25rem;margin:0;padding:0}
        footer a{display:inline-flex;align-items:center;min-height:2.75rem}
        .t h2{margin-top:1.5rem}
        @media(max-width:35rem){thead{position:absolute;left:-99rem}tr,td{display:block}tr{padding:.5rem 0;\
        border-bottom:1px solid var(--l)}td{border:0;padding:.125rem 0}td::before{content:attr(data-name)" : ";font-weight:700}}
        @media(prefers-reduced-motion:no-preference){a,button{transition:background-color .15s}}
        @media(forced-colors:active){button,.b{border-color:ButtonText}}

        """
}
