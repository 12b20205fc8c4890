"""The names, codes and quantities of the trade: how each is cut, and that each is found.

The tables are by hand, from the rules: a code is one word and its parts; a quantity is its one writing and its
parts; Chinese is cut by jieba. A change here is a change of the index, and of nothing else by accident.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from haystack.query import SearchQuerySet
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Article
from glossary.models import Mention
from glossary.vocabulary import current_vocabulary
from search.query.parser import parse
from search.results.request import SearchRequest
from search.results.service import find
from search.text import analysis
from search.text.analysis import words
from tests.conftest import WeekMaker

# fmt: off
# Chips and what they are made of.
CHIPS = {
    "910C": "910c 910 c", "昇腾910B": "升腾 910b 910 b", "Ascend 910D": "ascend 910d 910 d ascend910d",
    "MI300X": "mi300x mi 300 x", "MI325X": "mi325x mi 325 x", "H100": "h100 h 100", "H20": "h20 h 20",
    "H200 NVL": "h200 h 200 nvl h200nvl", "B200": "b200 b 200", "GB200 NVL72": "gb200 gb 200 nvl72 nvl 72 gb200nvl72",
    "GB300": "gb300 gb 300", "RTX 5090": "rtx 5090 rtx5090", "RTX5090D": "rtx5090d rtx 5090 d",
    "ＲＴＸ５０９０": "rtx5090 rtx 5090", "A100-SXM4": "a100 a 100 sxm4 sxm 4 a100sxm4", "TPU v5p": "tpu v5p v 5 p tpuv5p",
    "TPUv7": "tpuv7 tpuv 7", "Trainium2": "trainium2 trainium 2", "Gaudi 3": "gaudi 3 gaudi3", "M4 Pro": "m4 m 4 pro m4pro",
    "A19 Pro": "a19 a 19 pro a19pro", "X90": "x90 x 90", "麒麟9020": "麒麟 9020", "Kirin 9000S": "kirin 9000s 9000 s kirin9000s",
    "骁龙8至尊版": "骁龙 8 至尊 至尊版", "Snapdragon 8 Gen 3": "snapdragon 8 snapdragon8 gen 8gen snapdragon8gen 3 gen3 8gen3 snapdragon8gen3", "天玑9400": "天玑 9400",
    "i9-14900K": "i9 i 9 14900k 14900 k i9-14900k", "Ryzen 9 9950X3D": "ryzen 9 ryzen9 9950x3d 9950 x 3 d 9-9950x3d ryzen9-9950x3d",
    "Xeon 6": "xeon 6 xeon6", "EPYC 9005": "epyc 9005 epyc9005", "FT-2000+": "ft 2000+ 2000 ft2000+", "3A6000": "3a6000 3 a 6000",
    "龙芯3B6000": "龙芯 3b6000 3 b 6000", "S32K5": "s32k5 s 32 k 5", "GD32F4": "gd32f4 gd 32 f 4",
    "STM32H7": "stm32h7 stm 32 h 7", "ESP32-C6": "esp32 esp 32 c6 c 6 esp32c6", "8051": "8051",
    "S5000C-E": "s5000c s 5000 c e s5000ce", "MTT S4000": "mtt s4000 s 4000 mtts4000", "BR100": "br100 br 100",
    "K230": "k230 k 230", "RK3588": "rk3588 rk 3588", "T527": "t527 t 527", "AM62x": "am62x am 62 x",
    "J6P": "j6p j 6 p", "Orin-X": "orin x orinx", "Thor-U": "thor u thoru", "Vera Rubin": "vera rubin verarubin",
    "Panther Lake": "panther lake pantherlake", "x86-64": "x86 x 86 64 x86-64",
    "Cortex-A78AE": "cortex a78ae a 78 ae cortexa78ae", "Cortex-M0+": "cortex m0+ m0 m 0 cortexm0+",
    "Neoverse V3": "neoverse v3 v 3 neoversev3", "ARMv9": "armv9 armv 9", "RISC-V": "risc v riscv",
    "RV32IMAC": "rv32imac rv 32 imac", "LoongArch64": "loongarch64 loongarch 64", "Zen5c": "zen5c zen 5 c",
    "Xe3": "xe3 xe 3", "RDNA4": "rdna4 rdna 4", "sm_100": "sm 100 sm100", "NVL576": "nvl576 nvl 576",
    "CM384": "cm384 cm 384", "Atlas 800I A2": "atlas 800i 800 i atlas800i a2 a 2 800ia2 atlas800ia2", "DCU K100_AI": "dcu k100 k 100 dcuk100 ai k100ai dcuk100ai",
}
# Processes, materials, lithography.
PROCESS = {
    "18A": "18a 18 a", "18A-P": "18a 18 a p 18ap", "18A-PT": "18a 18 a pt 18apt", "14A": "14a 14 a",
    "20A": "20a 20 a", "Intel 3-T": "intel 3 intel3 t 3t intel3t", "N2": "n2 n 2", "N2P": "n2p n 2 p", "N3E": "n3e n 3 e",
    "N3P": "n3p n 3 p", "N4C RF": "n4c n 4 c rf n4crf", "A16": "a16 a 16", "A14": "a14 a 14", "SF2P": "sf2p sf 2 p",
    "SF1.4": "sf1.4 sf1 sf 1 4", "4LPP+": "4lpp+ 4lpp 4 lpp", "N+1": "n+1 n 1", "N+2": "n+2 n 2", "N+3": "n+3 n 3",
    "22FDX": "22fdx 22 fdx", "12LP+": "12lp+ 12lp 12 lp", "28HKC+": "28hkc+ 28hkc 28 hkc",
    "28HPC+": "28hpc+ 28hpc 28 hpc", "0.18μm": "0.18um 0.18μm 0 18μm 18 μm", "0.13µm": "0.13um 0.13μm 0 13μm 13 μm",
    "1α": "1α 1 α", "1γ": "1γ 1 γ", "1c nm": "1c 1 c nm 1cnm", "1x/1y/1z": "1x 1 x 1y 1 y 1z 1 z", "D1c": "d1c d 1 c",
    "V10": "v10 v 10", "GAA": "gaa", "RibbonFET": "ribbonfet", "PowerVia": "powervia", "FinFET": "finfet",
    "FD-SOI": "fd soi fdsoi", "GaN-on-Si": "gan on ganon si onsi ganonsi", "GaN/SiC": "gan sic",
    "4H-SiC": "4h 4 h sic 4hsic", "β-Ga2O3": "β ga2o3 ga 2 o 3 βga2o3", "InP": "inp", "SiO₂": "sio2 sio 2",
    "Si₃N₄": "si3n4 si 3 n 4", "HfO2": "hfo2 hfo 2", "CO₂": "co2 co 2", "High-NA": "high na highna",
    "High NA EUV": "high na highna euv naeuv", "EUV/DUV": "euv duv", "i-line": "i line iline", "KrF": "krf", "ArFi": "arfi",
    "NXE:3800E": "nxe 3800e 3800 e", "EXE:5200B": "exe 5200b 5200 b", "NXT:2100i": "nxt 2100i 2100 i",
    "0.33NA": "0.33na 0 33na 33 na", "0.55 NA": "0.55 0 55 na 0.55na",
}
# Packaging.
PACKAGING = {
    "2.5D": "2.5d 2 5d 5 d", "3D": "3d 3 d", "2.5D/3D": "2.5d 2 5d 5 d 3d 3 d", "3.5D XDSiP": "3.5d 3 5d 5 d xdsip 3.5dxdsip",
    "3D IC": "3d 3 d ic 3dic", "3DIC": "3dic 3 dic", "CoWoS": "cowos", "CoWoS-L": "cowos l cowosl",
    "CoWoS-S/R": "cowos s cowoss r", "ＣｏＷｏＳ－Ｌ": "cowos l cowosl", "SoIC-X": "soic x soicx",
    "InFO_PoP": "info pop infopop", "InFO-LSI": "info lsi infolsi", "EMIB-T": "emib t emibt",
    "Foveros Direct 3D": "foveros direct foverosdirect 3d 3 d direct3d foverosdirect3d", "I-Cube S": "i cube icube s cubes icubes", "X-Cube": "x cube xcube",
    "FOPLP": "foplp", "FC-BGA": "fc bga fcbga", "FCBGA": "fcbga", "WLCSP": "wlcsp", "Cu-Cu": "cu cu cucu",
    "TSV": "tsv", "TC-NCF": "tc ncf tcncf", "MR-MUF": "mr muf mrmuf", "D2W/W2W": "d2w d 2 w w2w w 2 w",
    "UCIe 2.0": "ucie 2.0 2 0 ucie2.0", "BoW": "bow", "UBM/RDL": "ubm rdl", "ABF": "abf", "oS": "os",
}
# Memory and storage.
MEMORY = {
    "HBM": "hbm", "HBM3": "hbm3 hbm 3", "HBM3E": "hbm3e hbm 3 e", "HBM4": "hbm4 hbm 4", "HBM4E": "hbm4e hbm 4 e",
    "HBM3E 12Hi": "hbm3e hbm 3 e 12hi 12 hi hbm3e12hi", "12-Hi": "12 hi 12hi",
    "LPDDR5X-9600": "lpddr5x lpddr 5 x 9600 lpddr5x9600", "LPDDR6": "lpddr6 lpddr 6",
    "DDR5-6400": "ddr5 ddr 5 6400 ddr5-6400", "GDDR7": "gddr7 gddr 7", "3D NAND": "3d 3 d nand 3dnand",
    "3D X-AI": "3d 3 d x 3dx ai xai 3dxai", "QLC": "qlc", "eMMC 5.1": "emmc 5.1 5 1 emmc5.1", "UFS 4.1": "ufs 4.1 4 1 ufs4.1",
    "Xtacking 4.0": "xtacking 4.0 4 0 xtacking4.0", "CXL 3.1": "cxl 3.1 3 1 cxl3.1", "MRAM/ReRAM": "mram reram",
    "SO-DIMM": "so dimm sodimm", "CAMM2": "camm2 camm 2", "SOCAMM": "socamm", "NAND/NOR": "nand nor",
    "SD Express": "sd express sdexpress", "V9 QLC": "v9 v 9 qlc v9qlc", "4F²": "4f2 4 f 2", "6F^2": "6f 6 f 2",
    "BiCS8": "bics8 bics 8",
}
# Links and networks.
LINKS = {
    "1.6T": "1.6t 1 6t 6 t", "800G": "800g 800 g", "400G ZR+": "400g 400 g zr+ zr 400gzr+", "1.6Tb/s": "1.6tb 1 6tb 6 tb s",
    "200Gb/s": "200gb 200 gb s", "PCIe 6.0": "pcie 6.0 6 0 pcie6.0", "PCIe5.0 x16": "pcie5.0 pcie5 pcie 5 0 x16 x 16 pcie5.0x16",
    "NVLink-C2C": "nvlink c2c c 2 c nvlinkc2c", "NVLink 5": "nvlink 5 nvlink5", "UALink": "ualink",
    "SerDes 224G": "serdes 224g 224 g serdes224g", "224G PAM4": "224g 224 g pam4 pam 4 224gpam4", "Wi-Fi 7": "wi fi wifi 7 fi7 wifi7",
    "WiFi7": "wifi7 wifi 7", "Wi‑Fi 8": "wi fi wifi 8 fi8 wifi8", "5G": "5g 5 g", "5G-A": "5g 5 g a 5ga",
    "5.5G": "5.5g 5 5g 5 g", "6G": "6g 6 g", "USB4": "usb4 usb 4", "USB-C": "usb c usbc", "Type-C": "type c typec",
    "HDMI2.1": "hdmi2.1 hdmi2 hdmi 2 1", "CAN-FD": "can fd canfd",
    "10BASE-T1S": "10base 10 base t1s t 1 s 10baset1s", "LPO/CPO": "lpo cpo", "InfiniBand": "infiniband",
    "RoCEv2": "rocev2 rocev 2", "Ultra Ethernet": "ultra ethernet ultraethernet", "AEC/ACC/DAC": "aec acc dac",
}
# Models, numbers formats, software.
AI = {
    "GPT-4o": "gpt 4o 4 o gpt4o", "GPT-5": "gpt 5 gpt5", "GPT‑4.5": "gpt 4.5 4 5 gpt4.5",
    "o1-mini": "o1 o 1 mini o1mini", "o3": "o3 o 3", "DeepSeek-V3.1": "deepseek v3.1 v3 v 3 1 deepseekv3.1",
    "DeepSeek-R1-0528": "deepseek r1 r 1 deepseekr1 0528 r1-0528 deepseekr1-0528", "DeepSeek V3": "deepseek v3 v 3 deepseekv3",
    "Llama 3.1-405B": "llama 3.1 3 1 llama3.1 405b 405 b 3.1-405b llama3.1-405b", "Qwen2.5-Max": "qwen2.5 qwen2 qwen 2 5 max qwen2.5max",
    "Qwen3-235B-A22B": "qwen3 qwen 3 235b 235 b qwen3-235b a22b a 22 b 235ba22b qwen3-235ba22b", "Claude 3.7": "claude 3.7 3 7 claude3.7",
    "Gemini 2.5 Pro": "gemini 2.5 2 5 gemini2.5 pro 2.5pro gemini2.5pro", "Kimi K2": "kimi k2 k 2 kimik2", "GLM-4.5": "glm 4.5 4 5 glm4.5", "FP8": "fp8 fp 8",
    "FP4/FP6": "fp4 fp 4 fp6 fp 6", "INT8": "int8 int 8", "BF16": "bf16 bf 16", "UE8M0": "ue8m0 ue 8 m 0",
    "MXFP4": "mxfp4 mxfp 4", "MoE": "moe", "KV Cache": "kv cache kvcache", "7B": "7b 7 b", "671B": "671b 671 b",
    "CUDA 12.8": "cuda 12.8 12 8 cuda12.8", "C++": "c++ c", "C#": "c# c", "C/C++": "c c++ c", "C++20": "c++ c 20",
    "PyTorch 2.6": "pytorch 2.6 2 6 pytorch2.6", "vLLM": "vllm", "TensorRT-LLM": "tensorrt llm tensorrtllm", "SGLang": "sglang",
    "Triton": "triton",
}
# Names, rounds of financing, standards, addresses. No stop words: CAN, IT, ON and US are names.
NAMES = {
    "US": "us", "IT": "it", "CAN": "can", "AI": "ai", "ON": "on", "IP": "ip", "TI": "ti", "ASML": "asml",
    "TSMC": "tsmc", "AT&S": "at&s at s", "R&D": "r&d r d", "M&A": "m&a m a", "S&P 500": "s&p s p 500 s&p500",
    "D-Wave": "d wave dwave", "d-Matrix": "d matrix dmatrix", "Lip-Bu Tan": "lip bu lipbu tan butan lipbutan",
    "Jensen Huang": "jensen huang jensenhuang", "L'Oréal": "l'oréal l oréal", "Infineon's": "infineon's infineon s",
    "X-FAB": "x fab xfab", "X-Epic": "x epic xepic", "e.l.f.": "e.l.f e l f", "U.S.": "u.s u s",
    "Yole Group": "yole group yolegroup", "SK hynix": "sk hynix skhynix", "SK海力士": "sk 力士 海力士", "SKU": "sku",
    "ams OSRAM": "ams osram amsosram", "Soitec": "soitec", "NXP/ST": "nxp st", "SMIC N+2": "smic n+2 n 2 smicn+2",
    "BIS 50%": "bis 50% 50", "A股/H股": "a 股 h 股", "A+H": "a+h a h", "A+B轮": "a+b a b 轮",
    "Pre-A轮": "pre a prea 轮", "Pre-A+轮": "pre a+ a prea+ 轮", "B1轮": "b1 b 1 轮", "IPO": "ipo", "Q1": "q1 q 1",
    "2025Q1": "2025q1 2025 q 1", "1Q25": "1q25 1 q 25", "FY2025": "fy2025 fy 2025", "24H2": "24h2 24 h 2",
    "YoY": "yoy", "QoQ": "qoq", "CAGR": "cagr", "CapEx": "capex", "CVE-2024-40766": "cve 2024 cve2024 40766 2024-40766 cve2024-40766",
    "GB/T 38775.2-2020": "gb/t gb t 38775.2 38775 2 gb/t38775.2 2020 38775.2-2020 gb/t38775.2-2020", "ISO 26262": "iso 26262 iso26262", "ASIL-D": "asil d asild",
    "AEC-Q100": "aec q100 q 100 aecq100", "IATF16949": "iatf16949 iatf 16949", "ECCN 3A090": "eccn 3a090 3 a 090 eccn3a090",
    "EAR99": "ear99 ear 99", "EDA": "eda", "EDA2": "eda2 eda 2", "EDA/IP": "eda ip",
    "IEEE 802.11be": "ieee 802.11be 802 11be 11 be ieee802.11be", "T/CESA 1248": "t cesa 1248 cesa1248", "ACM": "acm",
    "Nature Electronics": "nature electronics natureelectronics", "www.asml.com": "www.asml.com www asml com",
    "ir@tsmc.com": "ir tsmc.com tsmc com", "https://x.com": "https x.com x com",
}
# Numbers with units, and what only looks like them. The first word is the one that equal writings share.
QUANT = {
    "3纳米": "3nm 3 纳米", "3nm": "3nm 3 nm", "３ＮＭ": "3nm 3 nm", "3 nm": "3nm 3 nm", "3奈米": "3nm 3 奈米",
    "三纳米": "3nm 三 纳米", "三奈米": "3nm 三奈米", "二纳米": "2nm 二 纳米", "两纳米": "2nm 两 纳米",
    "七纳米": "7nm 七 纳米", "十四纳米": "14nm 十四 纳米", "二十八纳米": "28nm 二十 十八 二十八 纳米",
    "一百纳米": "100nm 一百 纳米", "28nm": "28nm 28 nm", "28/40nm": "28 40nm 40 nm",
    "28nm/22nm": "28nm 28 nm 22nm 22 nm", "1.5nm": "1.5nm 1 5nm 5 nm", "5nm级": "5nm 5 nm 级",
    "3nm制程": "3nm 3 nm 制程", "N3 3nm": "n3 n 3 3nm 3 nm", "90奈米": "90nm 90 奈米",
    "0.13微米": "0.13um 0.13 0 13 微米", "0.13um": "0.13um 0 13um 13 um", "零点一三微米": "0.13um 零点 一 三 微米",
    "12英寸": "12寸 12 英寸", "12寸": "12寸 12 寸", "12吋": "12寸 12 吋", "12 inch": "12寸 12 inch 12inch",
    "12-inch": "12寸 12 inch 12inch", "十二英寸": "12寸 十二 英寸", "十二吋": "12寸 十二 吋", "八英寸": "8寸 英寸 八英寸",
    "6/8英寸": "6 8寸 8 英寸", "300mm": "300mm 300 mm", "300毫米": "300mm 300 毫米", "5厘米": "5cm 5 厘米",
    "20%": "20% 20", "２０％": "20% 20", "20 %": "20% 20", "百分之二十": "20% 百分 之二 二十 百分之 百分之二十",
    "百分之20": "20% 百分 百分之 20", "百分之二点五": "2.5% 百分 之二 二点 百分之 百分之二点 五",
    "百分之百": "100% 百分 百分之 百分之百", "百分之三百二十": "320% 百分 之三 百分之 百分之三 百 二十",
    "百分之一百零五": "105% 百分 百分之 一百 一百零五", "99.9%": "99.9% 99.9 99 9", "99.90%": "99.9% 99.90 99 90",
    "+20%": "20% 20", "-20%": "20% 20", "20pct": "20pct 20 pct", "1.2万亿": "1.2万亿 1.2 1 2 万亿",
    "1.20万亿": "1.2万亿 1.20 1 20 万亿", "1,500亿": "1500亿 1 500 亿", "1500亿": "1500亿 1500 亿",
    "1,500.00亿": "1500亿 1 500.00 500 00 亿", "500亿美元": "500亿 500 亿 美元", "12万": "12万 12 万",
    "12.0万片": "12万 12.0 12 0 万 片", "3万片/月": "3万 3 万 片 月", "100W": "100w 100 w", "100瓦": "100w 100 瓦",
    "100瓦特": "100w 100 瓦特", "700 W": "700w 700 w", "120kW": "120kw 120 kw", "120千瓦": "120kw 120 千瓦",
    "600kW": "600kw 600 kw", "1.2GW": "1.2gw 1 2gw 2 gw", "1.2吉瓦": "1.2gw 1.2 1 2 吉瓦", "50MW": "50mw 50 mw",
    "50兆瓦": "50mw 50 兆瓦", "3.2GHz": "3.2ghz 3 2ghz 2 ghz", "800MHz": "800mhz 800 mhz",
    "800兆赫": "800mhz 800 兆赫", "800V": "800v 800 v", "800伏": "800v 800 伏", "1200伏特": "1200v 1200 伏特",
    "36GB": "36gb 36 gb", "36 GB": "36gb 36 gb", "288GB": "288gb 288 gb", "2TB": "2tb 2 tb", "2TB/s": "2tb 2 tb s",
    "321层": "321层 321 层", "321 Layer": "321层 321 layer 321layer", "321 layers": "321层 321 layer 321layers", "12层": "12层 12 层",
    "第3层": "第 3 层", "第12寸": "第 12 寸", "1,234": "1234 1 234", "1,23": "1 23", "3.5倍": "3.5 3 5 倍",
    "100万": "100万 100 万", "100 万": "100万 100 万", "7x24": "7x24 7 x 24", "7×24": "7 24", "16:9": "16 9",
    "3:2": "3 2", "2025-03-21": "2025 03 2025-03 21 03-21 2025-03-21", "2025年3月21日": "2025 年 3 月 21 日", "3·15": "3 15",
    "3.15": "3.15 3 15", "3月18日": "3 月 18 日", "40℃": "40", "5m²": "5m2 5 m 2", "5μm": "5um 5μm 5 μm",
    "10μs": "10μs 10 μs", "1e-9": "1e-9 1e 1 e 9 1e9", "½": "", "10⁻⁹": "1e-9 10 9 10-9", "二八纳米": "28nm 二八 纳米",
    "几十纳米": "几十 纳米", "数百微米": "数百 微米", "二三十纳米": "二三 三十 二三十 纳米", "两三纳米": "两三 纳米",
    "五六纳米": "五六 纳米", "一千二百纳米": "一千 二百 一千二 一千二百 纳米",
    "百分之二三十": "百分 之二 百分之 百分之二 三十", "百分之十几": "百分 十几 百分之 百分之十几",
    "百分之一千": "百分 之一 百分之 百分之一 千", "百分之一百二": "百分 之一 一百 百分之 百分之一百 二",
    "12英吋": "12寸 12 英 吋", "十二英吋": "12寸 十二 英 吋", "12 inches": "12寸 12 inch 12inches",
    "1.2萬億": "1.2万亿 1.2 1 2 万亿", "１．２萬億": "1.2万亿 1.2 1 2 万亿", "十纳米": "10nm 十 纳米",
    "两百纳米": "200nm 两百 纳米", "零点五英寸": "0.5寸 零点 五 英寸",
    "百分之零点五": "0.5% 百分 零点 百分之 百分之零点 五", "更多三纳米": "更 多 3nm 三 纳米",
    "百分之２０": "20% 百分 百分之 20", "5 %": "5% 5", "110kV": "110kv 110 kv", "5W1H": "5w1h 5 w 1 h",
    "3V3": "3v3 3 v 3", "2-3nm": "2 3nm 3 nm", "2nm-3nm": "2nm 2 nm 3nm 3 nm",
}
# Chinese as jieba's search mode cuts it.
HAN = {
    "台积电": "台积 电", "中芯国际": "中芯 国际", "长江存储": "长江 存储", "长鑫存储": "长鑫 存储",
    "华大九天": "华大 九天", "北方华创": "北方 华创", "先进封装": "先进 封装", "混合键合": "混合 键合",
    "光刻机": "光刻 光刻机", "极紫外光刻": "极 紫外 紫外光 刻", "晶圆代工": "晶圆 代工", "晶圆": "晶圆",
    "硅片": "硅片", "半导体": "半导 导体 半导体", "集成电路": "集成 成电 电路 集成电路",
    "人工智能": "人工 智能 人工智能", "大模型": "大 模型", "算力": "算力", "存储芯片": "存储 芯片 存储芯片",
    "碳化硅": "碳化 化硅 碳化硅", "氮化镓": "氮化 镓", "第三代半导体": "第三 三代 第三代 半导 导体 半导体",
    "国产替代": "国产 替代", "出口管制": "出口 管制", "实体清单": "实体 清单", "科创板": "科创板", "量产": "量产",
    "良率": "良率", "产能利用率": "产能 利用 用率 利用率", "环比增长": "环比 增长", "莫大康": "莫大 康",
    "陈立武": "陈立武", "黄仁勋": "黄仁勋", "梁孟松": "梁孟松", "张汝京": "张汝京", "魏哲家": "魏哲家",
    "尹志尧": "尹志尧", "芯": "芯", "硅": "硅", "铟": "铟", "锗": "锗", "镓": "镓",
}
# Traditional forms and Taiwan usage: characters are folded, words are not translated (the glossary does that).
TRAD = {
    "台積電": "台积 电", "臺積電": "台积 电", "晶圓代工": "晶圆 代工", "積體電路": "积体 电路 积体电路",
    "半導體": "半导 导体 半导体", "記憶體": "记忆 记忆体", "聯發科": "联发科", "聯電": "联电", "鴻海": "鸿海",
    "日月光": "日 月光", "輝達": "辉达", "英偉達": "英 伟达", "華為": "华为", "昇騰": "升腾", "麒麟": "麒麟",
    "長江存儲": "长江 存储", "光刻機": "光刻 光刻机", "微影": "微影", "先進封裝": "先进 封装", "覆晶": "覆晶",
    "封測": "封测", "良率": "良率", "製程": "制程", "奈米製程": "奈米 制程", "矽晶圓": "矽晶圆", "矽光子": "矽 光子",
    "類比晶片": "类比 晶片", "晶片": "晶片", "軟體": "软体", "硬體": "硬体", "伺服器": "伺服 伺服器",
    "資料中心": "资料 中心", "人工智慧": "人工 智慧 人工智慧", "網路": "网路", "雲端": "云端", "積層": "积层",
    "電晶體": "晶体 电晶体", "固態硬碟": "固态 硬碟", "快閃記憶體": "快 闪 记忆 记忆体",
    "動態隨機存取記憶體": "动态 随机 存取 随机存取 记忆 记忆体", "極紫外光": "极 紫外 紫外光", "張忠謀": "张忠谋",
    "劉德音": "刘德音", "魏哲家": "魏哲家", "黃仁勳": "黄仁勋", "蘇姿丰": "苏姿丰", "陳立武": "陈立武",
    "後道": "后道", "乾蝕刻": "干 蚀刻", "檯積電": "台积 电", "裡程碑": "里程 里程碑",
}
# Characters beyond the common ones; those past U+FFFF are two code units in some programs.
RARE = {
    "𠮷": "𠮷", "𠮷野家": "𠮷 野家", "𬭊": "𬭊", "𬬻𬭊𬭳𬭛": "𬬻𬭊𬭳𬭛", "鿏": "鿏", "㐂": "㐂", "㒰": "㒰",
    "𰻝𰻝面": "𰻝 𰻝 面", "〇": "〇", "二〇二五": "二 〇 二五", "々": "々", "佐々木": "佐 々 木", "豈": "岂",
    "﨑": "﨑", "⻄": "", "⼀": "一", "鿔": "鿔", "𫓧": "𫓧", "龘": "龘", "䶮": "䶮",
}
# The same in another dress: width, punctuation, signs, foreign letters.
DRESS = {
    "Ａ股": "a 股", "ＡＩ１８Ａ": "ai18a ai 18 a", "５Ｇ": "5g 5 g", "Ｈ２０": "h20 h 20",
    "ＧＰＴ－４ｏ": "gpt 4o 4 o gpt4o", "２．５Ｄ": "2.5d 2 5d 5 d", "Ｎ＋２": "n+2 n 2", "Ａ＋Ｂ輪": "a+b a b 轮",
    "Ｃ＋＋": "c++ c", "ＨＢＭ３Ｅ": "hbm3e hbm 3 e", "１２吋": "12寸 12 吋", "１，５００億": "1500亿 1 500 亿",
    "㎚": "", "㎜": "", "①": "", "Ⅲ-Ⅴ族": "v 族", "III-V族": "iii v iiiv 族", "№1": "1", "ﬁnFET": "nfet",
    "ｷｵｸｼｱ": "キオクシア", "キオクシア": "キオクシア", "ソニー": "ソニー", "삼성전자": "삼성전자", "TSMC®": "tsmc",
    "Intel™": "intel", "CoWoS‑L": "cowos l cowosl", "CoWoS–L": "cowos l cowosl", "CoWoS—L": "cowos l cowosl",
    "A·B": "a b", "帕特·基辛格": "帕特 辛格 基辛格", "“先进封装”": "先进 封装", "《芯片法案》": "芯片 法案",
    "【快讯】": "快讯", "芯片……": "芯片", "HBM4、HBM4E": "hbm4 hbm 4 hbm4e hbm 4 e", "AI+": "ai+ ai",
    "AI＋制造": "ai+ ai 制造", "“AI+”": "ai+ ai", "光进铜退": "光进 铜 退", "AI/ML": "ai ml", "A-B-C": "a b ab c bc abc",
    "--": "", "+": "", "C+": "c+ c", "+C": "c", "a..b": "a b", "a--b": "a b", ".NET": ".net net",
    "Node.js": "node.js node js", "1.": "1", "v2.": "v2 v 2", "α-Si": "α si αsi", "Ω": "ω", "σ": "σ", "Δ": "δ",
    "ÅÅ": "åå", "Ångström": "ångström", "10Å": "10å 10 å", "Renée James": "renée james renéejames",
    "Nvidia’s": "nvidia's nvidia s", "NVIDIA's": "nvidia's nvidia s", "Dell'Oro": "dell'oro dell oro",
    "C++17": "c++ c 17", "g++": "g++ g", "C+++": "c++ c",
}
# fmt: on
TABLES = {
    "chips": CHIPS,
    "processes": PROCESS,
    "packaging": PACKAGING,
    "memory": MEMORY,
    "links": LINKS,
    "models": AI,
    "names": NAMES,
    "quantities": QUANT,
    "Chinese": HAN,
    "traditional": TRAD,
    "rare characters": RARE,
    "other dress": DRESS,
}
ALL = {text: cut for table in TABLES.values() for text, cut in table.items()}

# Equal writings, which must share a word: `one` finds the `other` without any glossary.
EQUAL = [
    ["3纳米", "3nm", "３ＮＭ", "3 nm", "3 奈米", "3奈米", "三纳米", "三奈米"],
    ["28nm", "28纳米", "二十八纳米", "二八纳米", "28 奈米"],
    ["0.13微米", "0.13μm", "0.13µm", "0.13um", "零点一三微米"],
    ["12英寸", "12寸", "12吋", "12英吋", "12 inch", "12 inches", "十二英寸", "十二吋", "１２吋"],
    ["8英寸", "8吋", "八英寸", "八吋"],
    ["20%", "２０％", "20 %", "百分之二十", "百分之20", "百分之２０"],
    ["2.5%", "百分之二点五", "2.50%"],
    ["100%", "百分之百", "百分之一百"],
    ["105%", "百分之一百零五"],
    ["1500亿", "1,500亿", "1,500.00亿", "１，５００億", "1500 亿"],
    ["1.2万亿", "1.20万亿", "1.2萬億", "1.2 万亿"],
    ["12万", "12.0万", "12萬"],
    ["120kW", "120千瓦", "120 KW"],
    ["1.2GW", "1.2吉瓦"],
    ["700W", "700瓦", "700瓦特", "700 W"],
    ["800V", "800伏", "800伏特"],
    ["321层", "321層", "321 layers"],
    ["300mm", "300毫米", "300 mm"],
    ["CoWoS-L", "ＣｏＷｏＳ－Ｌ", "cowos-l", "CoWoS‑L", "CoWoS–L", "COWOS—L"],
    ["HBM3E", "ＨＢＭ３Ｅ", "hbm3e", "HBM3e"],
    ["SiO₂", "SiO2"],
    ["N+2", "Ｎ＋２", "n+2"],
    ["台积电", "台積電", "臺積電"],
    ["积体电路", "積體電路"],
    ["晶圆", "晶圓"],
    ["昇腾", "昇騰"],
    ["キオクシア", "ｷｵｸｼｱ"],
    ["Nvidia's", "NVIDIA’s", "nvidia`s"],
]
# Of these the first is no writing of the second, and no part of it.
DIFFERENT = [
    ("12寸", "112寸"),
    ("1.2亿", "1.2万亿"),
    ("12万", "12亿"),
    ("20%", "120%"),
    ("HBM3", "HBM3E"),
    ("18A", "118A"),
    ("SK", "SKU"),
    ("C++", "C"),
    ("10nm", "几十纳米"),
    ("5W", "5W1H"),
    ("5090万", "RTX 5090\n万卡集群"),
    ("US", "USB"),
]


@pytest.mark.parametrize("table", TABLES)
def test_the_names_of_the_trade_are_cut_as_written_here(table: str) -> None:
    assert {text: " ".join(words(text)) for text in TABLES[table]} == TABLES[table]


def test_there_are_more_than_three_hundred_of_them() -> None:
    assert len(ALL) > 300


@pytest.mark.parametrize("writings", EQUAL, ids=lambda writings: writings[0])
def test_equal_writings_are_found_by_each_other(writings: list[str]) -> None:
    """Each by all that a query for it asks for."""
    for one in writings:
        for other in writings:
            assert all(
                any(set(form) <= set(words(other)) for form in unit.forms) for unit in analysis.units(one)
            ), (one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_things_are_different_words(one: str, other: str) -> None:
    assert words(one)[0] not in words(other)


@pytest.mark.parametrize("text", ALL)
def test_a_name_is_the_same_words_in_a_sentence(text: str) -> None:
    """Punctuation around a name changes nothing; Chinese around Chinese may, and there the run is looked up."""
    assert " ".join(words(f"（{text}）")) == ALL[text]


@given(st.sampled_from([text for text in ALL if text.isascii()]))
def test_case_and_width_change_no_word(text: str) -> None:
    wide = "".join(
        chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text
    )
    assert words(wide) == words(text) == words(text.upper()) == words(text.lower())


def ids_found(query: str) -> set[int]:
    """Returns what the page shows: the results, and of a date what holds it letter for letter on other days."""
    read = parse(query, current_vocabulary())
    nodes = [node for node in (read.effective_tree, read.verbatim) if node]
    return {int(row.pk) for node in nodes for row in SearchQuerySet().filter(content=node)}


@pytest.mark.usefixtures("trade_glossary")
def test_every_name_finds_an_article_made_of_it(make_issue: WeekMaker) -> None:
    make_issue({f"第{number}条": f"消息：{text}。" for number, text in enumerate(ALL, start=1)})
    articles = dict(enumerate(Article.objects.order_by("position").values_list("pk", flat=True), start=1))
    missed = [text for number, text in enumerate(ALL, start=1) if articles[number] not in ids_found(text)]
    assert missed == []


@pytest.mark.usefixtures("trade_glossary")
def test_equal_writings_find_each_others_articles(make_issue: WeekMaker) -> None:
    writings = [(group, text) for group in EQUAL for text in group]
    make_issue({f"第{number}条": f"消息：{text}。" for number, (_, text) in enumerate(writings, start=1)})
    articles = Article.objects.order_by("position").values_list("pk", flat=True)
    of_group = defaultdict(set)
    for (group, _), pk in zip(writings, articles, strict=True):
        of_group[group[0]].add(pk)
    missed = [text for group, text in writings if not of_group[group[0]] <= ids_found(text)]
    assert missed == []


@pytest.mark.usefixtures("trade_archive")
def test_every_term_finds_every_article_that_mentions_it_under_any_writing() -> None:
    mentioned = defaultdict(set)
    for term, article in Mention.objects.published().values_list("term", "article"):
        mentioned[term].add(article)
    assert len(mentioned) > 400
    missed = {}
    for term, articles in mentioned.items():
        for writing in current_vocabulary().terms[term].writings:
            if not articles <= ids_found(writing):
                missed[writing] = articles - ids_found(writing)
    assert missed == {}


@pytest.mark.usefixtures("trade_archive")
def test_a_term_field_finds_exactly_the_articles_that_mention_the_term() -> None:
    mentioned = defaultdict(set)
    for term, article in Mention.objects.published().values_list("term", "article"):
        mentioned[term].add(article)
    different = {}
    for pk, term in current_vocabulary().terms.items():
        found = {int(row.pk) for row in SearchQuerySet().filter(content=f'term:"{term.name}"')}
        if pk in mentioned and found != mentioned[pk]:
            different[term.name] = found ^ mentioned[pk]
    assert different == {}


@pytest.mark.usefixtures("trade_archive")
def test_every_article_is_the_first_that_its_own_title_finds() -> None:
    missed = []
    for article in Article.objects.published():
        found = find(SearchRequest(article.title))
        if not found or not found.results or found.results[0].article.pk != article.pk:
            missed.append(article.title)
    assert missed == []
