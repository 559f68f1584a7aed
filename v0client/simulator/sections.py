"""The source of one component per kind of section. Data only."""

from __future__ import annotations

HERO = """import { action, tagline, title } from "@/lib/data"

export function Hero() {
  return (
    <header>
      <h1>{title}</h1>
      <p>{tagline}</p>
      <a className="button" href="#start">{action}</a>
    </header>
  )
}
"""

CARDS = """import { items } from "@/lib/data"

export function Cards() {
  return (
    <section className="grid">
      {items.map((item) => (
        <article className="card" key={item.name}>
          <small>{item.note}</small>
          <h3>{item.name}</h3>
          <p>{item.text}</p>
        </article>
      ))}
    </section>
  )
}
"""

STATS = """import { figures } from "@/lib/data"

export function Stats() {
  return (
    <section className="grid" aria-label="Key figures">
      {figures.map((figure) => (
        <div className="card" key={figure.label}>
          <small>{figure.label}</small>
          <strong>{figure.value}</strong>
          <small>{figure.change}</small>
        </div>
      ))}
    </section>
  )
}
"""

TABLE = """import { columns, rows } from "@/lib/data"

export function Table() {
  return (
    <section className="card">
      <table>
        <thead>
          <tr>{columns.map((name) => <th key={name}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>{row.map((cell, i) => <td key={i}>{cell}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
"""

FORM = """"use client"

import { useState } from "react"

export function Form() {
  const [sent, setSent] = useState(false)
  if (sent) return <p role="status">Thank you, we will be in touch.</p>
  return (
    <section className="card">
      <form onSubmit={(event) => { event.preventDefault(); setSent(true) }}>
        <label>Name <input name="name" required /></label>
        <label>E-mail <input name="email" type="email" required /></label>
        <label>Message <textarea name="message" rows={4} /></label>
        <button className="button">Send</button>
      </form>
    </section>
  )
}
"""

PRICING = """const plans = [
  { name: "Starter", price: "$0", points: ["3 projects", "30 days of history"] },
  { name: "Team", price: "$12", points: ["Unlimited projects", "1 year of history"] },
  { name: "Business", price: "$29", points: ["Single sign-on", "Audit log", "Phone support"] },
]

export function Pricing() {
  return (
    <section className="grid">
      {plans.map((plan) => (
        <article className="card" key={plan.name}>
          <h3>{plan.name}</h3>
          <strong>{plan.price}</strong>
          <ul>{plan.points.map((point) => <li key={point}>{point}</li>)}</ul>
        </article>
      ))}
    </section>
  )
}
"""

FAQ = """const questions = [
  ["Can we try it first?", "Yes, two weeks, without a card."],
  ["Where is our data?", "In the region you choose when you sign up."],
  ["How do we cancel?", "In the settings, at any time, with an export."],
]

export function Faq() {
  return (
    <section>
      {questions.map(([question, answer]) => (
        <details className="card" key={question}>
          <summary>{question}</summary>
          <p>{answer}</p>
        </details>
      ))}
    </section>
  )
}
"""

TESTIMONIALS = """const quotes = [
  ["It replaced two meetings and a spreadsheet.", "Ines, operations"],
  ["The first tool that everybody opened on day two.", "Marek, design"],
]

export function Testimonials() {
  return (
    <section className="grid">
      {quotes.map(([text, author]) => (
        <figure className="card" key={author}>
          <blockquote>{text}</blockquote>
          <figcaption>{author}</figcaption>
        </figure>
      ))}
    </section>
  )
}
"""

TIMELINE = """const steps = [
  ["Week 1", "Agree on what is needed"],
  ["Week 2", "First version for five people"],
  ["Week 4", "Open to the whole team"],
  ["Week 6", "Review and tidy up"],
]

export function Timeline() {
  return (
    <section>
      <ol>
        {steps.map(([when, what]) => (
          <li className="card" key={when}><small>{when}</small> {what}</li>
        ))}
      </ol>
    </section>
  )
}
"""

CHART = """const values = [32, 41, 38, 52, 49, 63, 71, 68, 80, 77, 91, 96]

export function Chart() {
  const width = 100 / values.length
  return (
    <section className="card">
      <svg viewBox="0 0 100 40" role="img" aria-label="Twelve months">
        {values.map((value, i) => (
          <rect key={i} x={i * width + 1} y={40 - value * 0.4} width={width - 2}
            height={value * 0.4} fill="var(--accent)" />
        ))}
      </svg>
    </section>
  )
}
"""

COMPONENTS = {
    "hero": HERO,
    "cards": CARDS,
    "stats": STATS,
    "table": TABLE,
    "form": FORM,
    "pricing": PRICING,
    "faq": FAQ,
    "testimonials": TESTIMONIALS,
    "timeline": TIMELINE,
    "chart": CHART,
}
