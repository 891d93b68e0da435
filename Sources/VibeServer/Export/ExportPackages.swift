/// The packages of a sandbox with their versions, as npm has them.
///
/// `Tests/Product/test_export.py` holds them equal to what `scripts/setup-toolchain` installs.
enum ExportPackages {
    /// What every app needs.
    static let always = ["react", "react-dom"]

    /// What builds an exported app, with the ranges that fit together.
    static let tools = [
        "@tailwindcss/vite": "^4.1.0", "@types/react": "^18.0.0", "@types/react-dom": "^18.0.0",
        "@vitejs/plugin-react": "^4.3.4", "tailwindcss": "^4.1.0", "typescript": "^5.6.0", "vite": "^6.3.0",
    ]

    /// Name to version.
    static let versions = [
        "@kurkle/color": "0.2.1",
        "chart.js": "3.9.1",
        "chroma-js": "2.4.0",
        "classnames": "2.3.2",
        "d3": "5.16.0",
        "d3-array": "3.2.0",
        "d3-axis": "1.0.12",
        "d3-brush": "1.1.5",
        "d3-chord": "1.0.6",
        "d3-collection": "1.0.7",
        "d3-color": "1.2.8",
        "d3-contour": "1.3.2",
        "d3-dispatch": "1.0.6",
        "d3-drag": "1.2.5",
        "d3-dsv": "1.1.1",
        "d3-ease": "1.0.5",
        "d3-fetch": "1.2.0",
        "d3-force": "1.2.1",
        "d3-format": "1.4.1",
        "d3-geo": "1.11.9",
        "d3-hierarchy": "1.1.8",
        "d3-interpolate": "1.4.0",
        "d3-path": "1.0.9",
        "d3-polygon": "1.0.5",
        "d3-quadtree": "1.0.7",
        "d3-queue": "3.0.7",
        "d3-random": "1.1.2",
        "d3-sankey": "0.12.3",
        "d3-scale": "2.2.2",
        "d3-scale-chromatic": "1.5.0",
        "d3-selection": "1.4.0",
        "d3-shape": "1.3.7",
        "d3-time": "1.0.11",
        "d3-time-format": "2.1.3",
        "d3-timer": "1.0.10",
        "d3-transition": "1.3.2",
        "d3-voronoi": "1.1.4",
        "d3-zoom": "1.8.3",
        "diff": "5.0.0",
        "dompurify": "2.4.1",
        "highlight.js": "9.18.5",
        "immutable": "4.1.0",
        "internmap": "2.0.3",
        "js-tokens": "8.0.0",
        "katex": "0.16.4",
        "leaflet": "1.6.0",
        "lodash": "4.17.21",
        "lodash-es": "4.17.21",
        "loose-envify": "1.4.0",
        "marked": "4.2.3",
        "moment": "2.29.4",
        "react": "18.1.0",
        "react-dom": "18.1.0",
        "react-refresh": "0.13.0",
        "scheduler": "0.22.0",
        "seedrandom": "2.4.4",
        "three": "0.111.0",
        "uuid": "8.3.2",
    ]
}
