"""The web kit that both shells stand on: sessions, guard, headers, problem pages, words, templates, assets; written once."""
