"""The stock stack, set up as its manuals say: Haystack, its Whoosh engine, jieba's ChineseAnalyzer."""
